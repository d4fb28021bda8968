import { Storefronts, type StorefrontKey } from "@marquetry/flows"
import { InvalidRequest, type Preparation, type Reading, type RequestInfo } from "@marquetry/http"
import { Query } from "@marquetry/kernel"
import { invalidKey } from "./storefront.guard.ts"

/** What shoppers may not learn of, by whatever way a request reaches there. */
export const hiddenFromShoppers: ReadonlySet<string> = new Set([
  "sales_channel",
  "price_set",
  "inventory_item",
  "api_key",
  "product_option_use",
  // What they pay is a price that was calculated for them.
  "product_variant.prices",
  "campaign",
  "promotion_rule",
])

/**
 * What carts and orders tell of these, which belong to others too: a guest is whoever once gave that e-mail address, and
 * may be known to the shop by more than the one who gives it now.
 */
export const shownOfPurchases = {
  customer: new Set(["id", "email", "has_account", "groups"]),
  customer_group: new Set(["id"]),
  promotion: new Set(["id", "code", "is_automatic", "is_tax_inclusive", "type", "application_method"]),
} satisfies Readonly<Record<string, ReadonlySet<string>>>

/** Categories that are meant for shoppers. */
export const openCategories = { product_category: { isActive: true, isInternal: false } } as const

/**
 * What a storefront shows, wherever in an answer it occurs: published products of its channels, and categories that
 * are meant for shoppers.
 *
 * @param asked sales channels that the request confines itself to.
 */
export function scopeOf({ filter }: StorefrontKey, asked?: unknown): NonNullable<Preparation["scope"]> {
  const channels = { isDisabled: false, apiKeys: filter, ...(asked !== undefined && { id: [asked].flat() }) }
  return {
    product: { status: "published", salesChannels: channels },
    ...openCategories,
  }
}

/** For the read routes of shoppers: the scope, and the check of the key beside the read. */
export function visibleTo({
  identity,
  resolve,
  query,
}: Pick<Reading<StorefrontKey>, "identity" | "resolve" | "query">): Required<Pick<Preparation, "scope" | "beside">> & {
  readonly settle: (rows: Record<string, unknown>[][]) => Promise<Record<string, unknown>>
} {
  const asked = query["sales_channel_id"]
  return {
    scope: scopeOf(identity, asked),
    beside: [identity.read],
    settle: async ([keys = []]) => {
      const found = await resolve<Storefronts>(Storefronts).settle(keys)
      if (found === null) throw invalidKey()
      const foreign = [asked ?? []].flat().find((id) => !found.salesChannelIds.includes(id as string))
      if (foreign === undefined) return {}
      throw new InvalidRequest([`Sales channel '${String(foreign)}' is not one of the publishable key's`])
    },
  }
}

/** The check of the key by itself: for routes that change something before they read. One statement. */
export async function assertStorefront(
  { storefront }: { readonly storefront: StorefrontKey },
  { resolve }: Pick<RequestInfo, "resolve">,
): Promise<void> {
  const [keys = []] = await resolve<Query>(Query).listTogether([storefront.read])
  if ((await resolve<Storefronts>(Storefronts).settle(keys)) === null) throw invalidKey()
}
