import Medusa from "@medusajs/js-sdk"
import { ApiKeyService, apiKeyModule } from "@marquetry/api-key"
import { authModule, type AuthOptions } from "@marquetry/auth"
import { someCredentials, testOptions } from "@marquetry/auth/testing"
import { customerModule } from "@marquetry/customer"
import { catalogueLinks, registerFlows } from "@marquetry/flows"
import { createBackend, defineConfig, definePlugin, readEnvironment } from "@marquetry/framework"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { notificationModule } from "@marquetry/notification"
import { recordingProvider } from "@marquetry/notification/testing"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { regionModule } from "@marquetry/region"
import { salesChannelModule } from "@marquetry/sales-channel"
import { storeModule } from "@marquetry/store"
import { authApi, type AuthApiOptions } from "../src/auth/auth-api.plugin.ts"
import { commerceErrorAnswers } from "../src/error-answers.ts"
import { addressRoutes } from "../src/store/customers/addresses.routes.ts"
import { customerRoutes } from "../src/store/customers/customers.routes.ts"
import type { Json } from "./shop.ts"

type Sdk = InstanceType<typeof Medusa.default>
// Types and tools disagree about what a CommonJS module's default is; Node gives the module.
const Client = ("default" in Medusa ? Medusa.default : Medusa) as unknown as new (options: object) => Sdk

/** What is known of customers, without a shop around it. */
const customersApi = definePlugin({
  name: "customers",
  register: registerFlows,
  routes: [...customerRoutes, ...addressRoutes],
  errorAnswers: commerceErrorAnswers,
})

/** A backend where people register and log in, that listens. Mail stays in `mail`. */
export async function openPeople(options: { auth?: Partial<AuthOptions>; api?: AuthApiOptions } = {}) {
  const database = await createTestDatabase()
  const mail = recordingProvider(["email"])
  const backend = await createBackend(
    defineConfig({
      environment: readEnvironment({
        DATABASE_URL: database.url,
        PORT: "0",
        LOG_LEVEL: "silent",
        RATE_LIMIT: "off",
        STORE_CORS: "https://shop.example",
        AUTH_CORS: "https://shop.example",
      }),
      modules: [
        storeModule,
        salesChannelModule,
        apiKeyModule,
        regionModule,
        productModule,
        pricingModule,
        customerModule,
        authModule(testOptions(options.auth)),
        notificationModule({ providers: [mail] }),
      ],
      links: catalogueLinks,
      plugins: [authApi(options.api), customersApi],
    }),
  )
  const { container } = backend.composition
  const key = await container.resolve(ApiKeyService).create({ type: "publishable", title: "Storefront" })
  const address = await backend.listen()
  const send = sender(address, key.token)
  const people = {
    ...backend,
    container,
    address,
    mail,
    key: key.token,
    keyId: key.id,
    send,
    sdk: (type: "jwt" | "session" = "jwt") => sdkOf(address, key.token, type),
    drop: async () => {
      await backend.close()
      await database.drop()
    },
  }
  return { ...people, ...registrar(send) }
}

export type People = Awaited<ReturnType<typeof openPeople>>

export interface Sent {
  readonly body?: unknown
  readonly token?: string | undefined
  readonly cookie?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

type Send = ReturnType<typeof sender>

/** Sends a request as the storefront does: with its key and, if there are any, credentials. */
function sender(address: string, key: string) {
  return async (method: "GET" | "POST" | "DELETE", path: string, { body, token, cookie, headers = {} }: Sent = {}) => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        "x-publishable-api-key": key,
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { cookie }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = (text.startsWith("{") ? JSON.parse(text) : {}) as Json
    return { status: response.status, text, body: json, headers: response.headers }
  }
}

/** Makes people: who has registered, and who is a customer. */
function registrar(send: Send) {
  const login = async (credentials: { email: string; password: string }, actor = "customer") => {
    const { body } = await send("POST", `/auth/${actor}/emailpass`, { body: credentials })
    return body["token"] as string
  }
  const register = async (actor = "customer") => {
    const credentials = someCredentials()
    const { body } = await send("POST", `/auth/${actor}/emailpass/register`, { body: credentials })
    return { ...credentials, token: body["token"] as string }
  }
  const customer = async (input: Json = {}) => {
    const registered = await register()
    const { body } = await send("POST", "/store/customers", { body: input, token: registered.token })
    const { id } = body["customer"] as { id: string }
    return { ...registered, id, token: await login(registered) }
  }
  /** The cookie of a new session, as a browser sends it. */
  const session = async (token: string) => {
    const { headers } = await send("POST", "/auth/session", { token })
    return headers.getSetCookie()[0]?.split(";")[0] as string
  }
  return { login, register, customer, session }
}

function sdkOf(address: string, key: string, type: "jwt" | "session"): Sdk {
  const auth = type === "jwt" ? { type, jwtTokenStorageMethod: "memory" } : { type }
  return new Client({ baseUrl: address, publishableKey: key, auth })
}

/** What a token says, in the names of the wire. */
export const claimsIn = (token: unknown): Json =>
  JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString()) as Json

/** `fetch` of a browser: keeps cookies, and sends them to where they came from when it is told to. */
export function browserFetch(plain: typeof fetch = fetch): typeof fetch {
  const jar = new Map<string, string>()
  return async (input, init) => {
    const headers = new Headers(init?.headers)
    if (init?.credentials === "include" && jar.size > 0)
      headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "))
    const response = await plain(input, { ...init, headers })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (/max-age=0/i.test(cookie)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
}
