import type { Storefront } from "@marquetry/flows"
import { InvalidRequest, type Preparation } from "@marquetry/http"

/** What shoppers may not learn of, by whatever way a request reaches there. */
export const hiddenFromShoppers: ReadonlySet<string> = new Set(["sales_channel", "price_set", "api_key"])

/**
 * What a storefront shows, wherever in an answer it occurs: published products of its channels, and categories that
 * are meant for shoppers.
 *
 * @param asked a sales channel that the request confines itself to.
 * @throws {InvalidRequest} when that is none of the storefront's.
 */
export function visibleIn({ salesChannelIds }: Storefront, asked?: unknown): Required<Pick<Preparation, "scope">> {
  const channels = asked === undefined ? salesChannelIds : [asked].flat()
  const foreign = channels.find((id) => !salesChannelIds.includes(id as string))
  if (foreign !== undefined)
    throw new InvalidRequest([`Sales channel '${String(foreign)}' is not one of the publishable key's`])
  return {
    scope: {
      product: { status: "published", salesChannels: { id: channels } },
      product_category: { isActive: true, isInternal: false },
    },
  }
}
