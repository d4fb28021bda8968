import type { Claims } from "@marquetry/auth"
import type { Shopper, StorefrontKey } from "@marquetry/flows"
import { Unauthorized, type Guard, type RequestInfo, type SecurityScheme } from "@marquetry/http"
import { claimsOf, credentials } from "../auth/credentials.ts"
import { storefront } from "./storefront.guard.ts"

/** A shopper as a request shows them: whether the key is valid is found out beside what is read. */
export interface Visitor extends Shopper {
  readonly storefront: StorefrontKey
}

/** A shopper who is logged in. */
export interface CustomerVisitor extends Visitor {
  readonly customerId: string
}

/** Somebody who can log in as a customer, and need not be one yet. */
export interface Registering {
  readonly storefront: StorefrontKey
  readonly claims: Claims
}

const key: SecurityScheme = { scheme: "header", name: "x-publishable-api-key" }

/** @param schemes what is shown beside the key: any of these. */
const documented = <Identity>(guard: Guard<Identity>, schemes: readonly SecurityScheme[]): Guard<Identity> =>
  Object.assign(guard, { security: schemes.map((scheme) => [key, scheme]) })

const customerOf = (request: RequestInfo) => claimsOf(request, ["customer"])

/** A storefront's key, and who is logged in as a customer, if anybody: see `storefront`. */
export const shopper: Guard<Visitor> = documented(
  async (request) => {
    const visited = await storefront(request)
    const claims = await customerOf(request)
    return { storefront: visited, customerId: claims === null || claims.actorId === "" ? null : claims.actorId }
  },
  [{ scheme: "none" }, ...credentials],
)

/** Like {@link shopper}, for customers only. Who shows nothing is refused before anything is looked up. */
export const customer: Guard<CustomerVisitor> = documented(async (request) => {
  const { customerId, ...visitor } = await shopper(request)
  if (customerId === null) throw new Unauthorized()
  return { ...visitor, customerId }
}, credentials)

/** Like {@link customer}, for those too who have registered and are no customer yet. */
export const registering: Guard<Registering> = documented(async (request) => {
  const visited = await storefront(request)
  const claims = await customerOf(request)
  if (claims === null) throw new Unauthorized()
  return { storefront: visited, claims }
}, credentials)
