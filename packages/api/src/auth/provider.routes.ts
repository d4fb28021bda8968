import { AuthService, PasswordResetService, TooManyAttempts, UnknownProvider, type Grant } from "@marquetry/auth"
import {
  HttpError,
  noBody,
  routes,
  Unauthorized,
  type HandlerContext,
  type RequestInfo,
  type Route,
} from "@marquetry/http"
import { Events, newId } from "@marquetry/kernel"
import { z } from "zod"
import { bearerOf, claimsOf } from "./credentials.ts"
import { PasswordResetAsked } from "./password-reset.ts"

/** What a provider takes is the provider's business. */
const Input = z.record(z.string(), z.unknown())

const ResetRequest = z.strictObject({
  identifier: z.string().trim().min(1).max(254),
  metadata: z
    .record(z.string(), z.unknown())
    .refine((metadata) => JSON.stringify(metadata).length <= 2_000, "2,000 characters at most")
    .nullable()
    .default(null),
})

const Token = z.object({ token: z.string() })
const ProviderInfo = z.object({ id: z.string(), identifier: z.string(), displayName: z.string(), flow: z.string() })

const tokenOf = ({ token }: Grant) => ({ token })

const paramsOf = (actorTypes: readonly string[]) => {
  const actor = z.object({ actor_type: z.enum(actorTypes) })
  return { actor, provider: actor.extend({ auth_provider: z.string().max(100) }) }
}

type ProviderParams = ReturnType<typeof paramsOf>["provider"]
type Handling = HandlerContext<undefined, ProviderParams, undefined, undefined>

/**
 * The ways to log in, to register and to set a new password, by the type of actor and the provider.
 *
 * @param actorTypes who can.
 */
export function providerRoutes(actorTypes: readonly string[]): Route[] {
  const { actor, provider: params } = paramsOf(actorTypes)
  const userOf = {
    summary: "Makes a user of who logs in with a provider",
    params: z.object({ auth_provider: z.string().max(100) }),
  }
  const ofUsers = routes("/auth/:auth_provider/user", {}, ({ post }) => post("/", userOf, refuseUser))
  const ofActors = routes("/auth/:actor_type", {}, ({ get, post }) => {
    const providers = z.object({ providers: z.array(ProviderInfo) })
    get("/providers", { summary: "Lists ways to log in", params: actor, response: providers }, ({ resolve }) => ({
      providers: resolve<AuthService>(AuthService)
        .listProviders()
        .map(({ displayName, ...provider }) => ({ ...provider, display_name: displayName })),
    }))

    // A refused login must stay counted, whatever becomes of the request.
    const login = { summary: "Logs in", params, body: Input, response: Token, external: true }
    post("/:auth_provider", login, async ({ resolve, params, body, setHeader }) => {
      const { actor_type: actorType, auth_provider: provider } = params
      return resolve<AuthService>(AuthService).login(actorType, provider, body).then(tokenOf, sayWhen(setHeader))
    })

    const register = { summary: "Registers somebody to log in", params, body: Input, response: Token }
    post("/:auth_provider/register", register, async ({ resolve, params, body }) => {
      const { actor_type: actorType, auth_provider: provider } = params
      return tokenOf(await resolve<AuthService>(AuthService).register(actorType, provider, body))
    })

    post("/:auth_provider/reset-password", { summary: "Asks for a new password", params, body: ResetRequest }, askReset)
    const update = { summary: "Sets a new password", params, body: Input, response: z.object({ success: z.boolean() }) }
    post("/:auth_provider/update", update, async (context) => {
      const { resolve, params, body } = context
      assertProvider(resolve, params.auth_provider)
      const token = bearerOf(context)
      if (token === undefined) throw new Unauthorized()
      await resolve<PasswordResetService>(PasswordResetService).resetPassword(token, body)
      return { success: true }
    })

    get("/:auth_provider", { summary: "Begins a login elsewhere", params }, redirect)
    get("/:auth_provider/callback", { summary: "Ends a login elsewhere", params }, redirect)
    post("/:auth_provider/callback", { summary: "Ends a login elsewhere", params }, redirect)
  })
  return [...ofActors, ...ofUsers]
}

/** No provider knows who works for the shop: whoever has registered with one becomes a user by an invite. */
async function refuseUser(
  context: Pick<Handling, "header" | "cookie" | "resolve"> & { readonly params: { readonly auth_provider: string } },
): Promise<never> {
  const provider = context.params.auth_provider
  if ((await claimsOf(context, ["user"])) === null) throw new Unauthorized()
  assertProvider(context.resolve, provider)
  const message = `The auth provider "${provider}" does not say who works for the shop: accept an invite`
  throw new HttpError(403, { type: "forbidden", message, code: "auth.provider_not_trusted" })
}

/** The same answer for everybody, at the same cost: what there is to do is done behind it. */
async function askReset({
  resolve,
  params: { actor_type: actorType, auth_provider: provider },
  body,
  status,
}: HandlerContext<undefined, ProviderParams, undefined, typeof ResetRequest>): Promise<typeof noBody> {
  assertProvider(resolve, provider)
  await resolve<Events>(Events).emit(PasswordResetAsked, { id: newId("reset"), actorType, provider, ...body })
  status(201)
  return noBody
}

/** All providers take what proves who somebody is themselves; there is none that sends people elsewhere for it. */
function redirect({ resolve, params: { auth_provider: provider } }: Handling): never {
  assertProvider(resolve, provider)
  const message = `Nobody logs in elsewhere with the auth provider "${provider}"`
  throw new HttpError(401, { type: "unauthorized", message, code: "auth.no_redirect" })
}

/** @throws {UnknownProvider} */
function assertProvider(resolve: RequestInfo["resolve"], provider: string): void {
  const known = resolve<AuthService>(AuthService).listProviders()
  if (!known.some(({ id }) => id === provider)) throw new UnknownProvider(provider)
}

/** Says when the next attempt is admitted, and passes the refusal on. */
const sayWhen = (setHeader: Handling["setHeader"]) => (error: unknown) => {
  if (error instanceof TooManyAttempts) setHeader("retry-after", String(error.details.retryAfter))
  throw error
}
