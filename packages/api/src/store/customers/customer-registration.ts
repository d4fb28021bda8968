import { ActorExists, AuthService, IdentityService, type Claims } from "@marquetry/auth"
import { CustomerService, type CreateCustomer } from "@marquetry/customer"
import type { RequestInfo } from "@marquetry/http"
import { Database } from "@marquetry/kernel"

/**
 * Makes a customer of somebody who has registered, in one transaction: of any number of requests at once one makes it.
 *
 * @param input without an e-mail address it is the one that they log in with.
 * @returns the customer's id.
 * @throws {ActorExists} they are a customer already. {@link ClaimsOutdated} {@link EmailTaken} {@link InvalidInput}
 */
export async function registerCustomer(
  resolve: RequestInfo["resolve"],
  claims: Claims,
  input: CreateCustomer,
): Promise<string> {
  // What the token says may be outdated: they may have become a customer since.
  const { claims: now } = await resolve<AuthService>(AuthService).refresh(claims)
  const { authIdentityId, actorType } = now
  if (now.actorId !== "") throw new ActorExists(authIdentityId, actorType)
  const identities = resolve<IdentityService>(IdentityService)
  const email = input.email ?? (await addressOf(identities, now))
  return resolve<Database>(Database).transaction(async () => {
    const { id } = await resolve<CustomerService>(CustomerService).create({ ...input, email, hasAccount: true })
    await identities.attachActor(authIdentityId, actorType, id)
    return id
  })
}

/** What they log in with, if it is an e-mail address. */
async function addressOf(
  identities: IdentityService,
  { authIdentityId, authProvider }: Claims,
): Promise<string | null> {
  const { providerIdentities } = await identities.get(authIdentityId)
  const address = providerIdentities.find(({ provider }) => provider === authProvider)?.entityId
  return address?.includes("@") === true ? address : null
}
