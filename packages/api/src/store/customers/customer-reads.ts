import type { StorefrontKey } from "@marquetry/flows"
import { rowAnswer, type HandlerContext, type Preparation, type RawJson, type Reading } from "@marquetry/http"
import { Database } from "@marquetry/kernel"
import { hiddenFromShoppers, shownOfPurchases, visibleTo } from "../visibility.ts"

/**
 * Customers see themselves, and by no way round, such as their groups, anybody else; of their orders what the orders show
 * of themselves.
 */
export const hiddenFromCustomers: ReadonlySet<string> = new Set([
  ...hiddenFromShoppers,
  "customer",
  "cart",
  "order_change",
])

/** Of what payment providers keep of them, which accounts there are; what else they keep is between the shop and them. */
export const shownToCustomers = {
  promotion: shownOfPurchases.promotion,
  account_holder: new Set(["id", "provider_id", "external_id", "email", "created_at", "updated_at"]),
}

interface Visiting {
  readonly storefront: StorefrontKey
}

export const visibleToCustomer = ({ identity, ...reading }: Reading<Visiting>): Preparation =>
  visibleTo({ ...reading, identity: identity.storefront })

/** A customer as they see themselves. */
export const customerAnswer = rowAnswer<Visiting>({
  resource: "customer",
  singular: "customer",
  defaults:
    "id, email, company_name, first_name, last_name, phone, metadata, has_account, deleted_at, created_at, updated_at, *addresses",
  hidden: hiddenFromCustomers,
  only: shownToCustomers,
  prepare: visibleToCustomer,
})

type Asking<Identity> = Pick<
  HandlerContext<Identity, undefined, undefined, undefined>,
  "identity" | "resolve" | "header"
> & {
  readonly query: unknown
}

/**
 * Does the work and answers the customer whose id it answers, in one transaction: whether the storefront's key is valid
 * is found out by the read, and what was done for one that is not is undone.
 */
export const answerAfter = <Identity extends Visiting>(
  context: Asking<Identity>,
  work: () => Promise<string>,
): Promise<RawJson> =>
  context.resolve<Database>(Database).transaction(async () => customerAnswer.send(context, await work()))
