import { createHash } from "node:crypto"
import { ResourceRegistry } from "@marquetry/kernel"
import type { RequestInfo } from "@marquetry/http"
import type { AdminResource } from "./admin-resource.ts"
import type { Row } from "./recorded.ts"

type Shown = Readonly<Record<string, unknown>>

/**
 * Relations that lead to rows of others, whichever way a snapshot comes by: which rows they are belongs to who names them, what
 * these say does not. All others lead to parts.
 */
const others: ReadonlySet<string> = new Set([
  "api_key.sales_channels",
  "bulk_operation.file",
  "customer.groups",
  "fulfillment.provider",
  "fulfillment.shipping_option",
  "fulfillment_set.location",
  "order_line_item.variant",
  "payment_collection.order",
  "price.price_set",
  "product.categories",
  "product.collection",
  "product.sales_channels",
  "product.shipping_profile",
  "product.tags",
  "product.type",
  "product_category.category_children",
  "product_category.parent_category",
  "product_variant.images",
  "product_variant.options",
  "promotion.campaign",
  "refund.refund_reason",
  "region.payment_providers",
  "reservation.inventory_item",
  "return_reason.parent_return_reason",
  "return_reason.return_reason_children",
  "shipping_option.provider",
  "shipping_option.service_zone",
  "shipping_option.shipping_profile",
  "shipping_option.type",
  "stock_location.fulfillment_providers",
  "stock_location.fulfillment_sets",
  "stock_location.sales_channels",
  "store_currency.currency",
  "tax_rate.tax_region",
  "tax_region.children",
  "tax_region.parent",
])

/** An option that products share belongs to none of them. */
const isOfOthers = (relation: string, row: Shown): boolean =>
  others.has(relation) || (relation === "product.options" && row["is_exclusive"] === false)

/** Who keeps versions: resources, and how relations of one lead to another. */
export type Versioned = Pick<RequestInfo, "resolve">

/**
 * The version of a row: changes whenever anything does that its snapshot shows of it and its parts. Behind a point, where
 * it shows more than that, what it shows of others: for answers that are known, and not for changes.
 */
export function versionOf({ resolve }: Versioned, { reads }: AdminResource, row: Row | undefined): string {
  const all = JSON.stringify(row)
  const own = row === undefined ? all : JSON.stringify(ownOf(row, reads.resource, resolve(ResourceRegistry)))
  return own === all ? `"${digestOf(own)}"` : `"${digestOf(own)}.${digestOf(all)}"`
}

const digestOf = (text: string | undefined): string =>
  createHash("sha256")
    .update(text ?? "")
    .digest("base64url")
    .slice(0, 27)

/** A row and its parts; of others their keys, where the row does not have these in columns of its own. */
function ownOf(row: Shown, resource: string, registry: ResourceRegistry): Shown {
  const { relations } = registry.resource(resource)
  const own = Object.entries(row).flatMap(([name, value]) => {
    const relation = relations.get(name)
    if (relation?.wire !== name) return [[name, value] as const]
    const { target } = relation
    const { key } = registry.resource(target)
    const cut = (one: unknown): unknown => {
      if (typeof one !== "object" || one === null) return one
      if (isOfOthers(`${resource}.${name}`, one as Shown)) return (one as Shown)[key]
      return ownOf(one as Shown, target, registry)
    }
    if (Array.isArray(value)) return [[name, value.map(cut)] as const]
    return others.has(`${resource}.${name}`) && `${name}_id` in row ? [] : [[name, cut(value)] as const]
  })
  return Object.fromEntries(own)
}

/** The version of an answer that comes from no row. */
export const versionOfText = (text: string): string => `"${digestOf(text)}"`

/**
 * The version of a row where an answer shows more than its snapshot: the same for changes, and another for answers that are
 * known whenever the answer is another.
 */
export const versionWith = (version: string, answer: string): string =>
  `"${ownPart(bareOf(version))}.${digestOf(`${version} ${answer}`)}"`

const bareOf = (tag: string): string => tag.trim().replace(/^W\//, "").replaceAll('"', "")
const ownPart = (tag: string): string | undefined => tag.split(".", 1)[0]
const tagsOf = (condition: string): string[] => condition.split(",").map(bareOf)

/** Whether a change may be made: `If-Match` names the version, whatever is shown of others. Weak or strong makes no difference. */
export const isMeant = (condition: string, version: string): boolean =>
  tagsOf(condition).some((tag) => tag === "*" || ownPart(tag) === ownPart(bareOf(version)))

/** Whether an answer is known: `If-None-Match` names the version, and what is shown of others is the same. */
export const isKnown = (condition: string, version: string): boolean =>
  tagsOf(condition).some((tag) => tag === "*" || tag === bareOf(version))
