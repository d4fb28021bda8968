import { productShippingProfile } from "@marquetry/flows"
import { MAX_LIMIT, type NamedRead, type Query, type ResourceRegistry } from "@marquetry/kernel"
import { categoryResource, collectionResource, tagResource, typeResource } from "@marquetry/product"
import { salesChannelResource } from "@marquetry/sales-channel"
import { spelling } from "../medusa/medusa-columns.ts"
import type { CurrencyPrice, ProductDraft, Refusal } from "../product-draft.ts"

const TAG_ID = /^ptag_/

/** What drafts name by id, and how the columns that name it are called. */
const kinds = [
  { resource: collectionResource.name, field: "collectionId", column: "Product Collection Id" },
  { resource: typeResource.name, field: "typeId", column: "Product Type Id" },
  { resource: "shipping_profile", field: "shippingProfileId", column: "Shipping Profile Id" },
  { resource: categoryResource.name, field: "categoryIds", column: "Product Category" },
  { resource: salesChannelResource.name, field: "salesChannelIds", column: "Product Sales Channel" },
  { resource: tagResource.name, field: "tags", column: "Product Tag" },
] as const

type Kind = (typeof kinds)[number]

/** What is read of a row that is named: a tag's value takes the place of its id. */
const fieldsOf = ({ field }: Kind) =>
  field === "tags" ? ({ id: true, value: true } as const) : ({ id: true } as const)
const regionFields = { id: true, name: true, currencyCode: true } as const

interface Found {
  readonly id: string
  readonly value?: string
  readonly name?: string
  readonly currencyCode?: string
}

/** Regions by what columns of prices say of them: `europe [eur]`. */
export type RegionIds = ReadonlyMap<string, string>

export const regionKey = ({ region = "", currencyCode }: Pick<CurrencyPrice, "region" | "currencyCode">): string =>
  `${spelling(region)} [${currencyCode}]`

export interface Resolved {
  /** Without what is not there. */
  readonly drafts: readonly ProductDraft[]
  readonly refusals: readonly Refusal[]
  readonly regions: RegionIds
}

/** Looks up what drafts name by id: what is not there is refused, and the products go in without it. */
export class References {
  readonly #query: Query
  readonly #registry: ResourceRegistry

  constructor(query: Query, registry: ResourceRegistry) {
    this.#query = query
    this.#registry = registry
  }

  /** One statement, or none where nothing is named. */
  async resolve(drafts: readonly ProductDraft[]): Promise<Resolved> {
    const named = kinds
      .map((kind) => ({ kind, ids: [...new Set(drafts.flatMap((draft) => idsOf(draft, kind)))] }))
      .filter(({ ids }) => ids.length > 0)
    const there = named.filter(({ kind }) => this.#isThere(kind))
    const reads: NamedRead[] = there.map(({ kind, ids }) => ({
      resource: kind.resource,
      read: { fields: fieldsOf(kind), filter: { id: ids }, limit: MAX_LIMIT },
    }))
    const wantsRegions = drafts.some(hasRegionalPrices) && this.#registry.has("region")
    if (wantsRegions) reads.push({ resource: "region", read: { fields: regionFields, limit: MAX_LIMIT } })
    const rows = (await this.#query.listTogether(reads)) as unknown as Found[][]
    const found = new Map(
      there.map(({ kind }, index) => [kind, new Map(rows[index]?.map(({ id, value = id }) => [id, value]))]),
    )
    const regions = new Map(
      (wantsRegions ? (rows.at(-1) ?? []) : []).map(({ id, name = "", currencyCode = "" }) => [
        regionKey({ region: name, currencyCode }),
        id,
      ]),
    )
    const refusals: Refusal[] = []
    const resolved = drafts.map((draft) => withoutUnknown(draft, found, regions, refusals))
    return { drafts: resolved, refusals, regions }
  }

  #isThere({ field, resource }: Kind): boolean {
    return field === "shippingProfileId" ? hasShippingProfiles(this.#registry) : this.#registry.has(resource)
  }
}

/** Whether products have shipping profiles in this composition. */
export const hasShippingProfiles = (registry: ResourceRegistry): boolean =>
  registry.links.includes(productShippingProfile)

const hasRegionalPrices = ({ variants }: ProductDraft) =>
  variants.some(({ prices = [] }) => prices.some(({ region }) => region !== undefined))

function idsOf(draft: ProductDraft, { field }: Kind): readonly string[] {
  const value = draft[field]
  if (value === undefined) return []
  if (typeof value === "string") return [value]
  return field === "tags" ? value.filter((tag) => TAG_ID.test(tag)) : value
}

function withoutUnknown(
  draft: ProductDraft,
  found: ReadonlyMap<Kind, ReadonlyMap<string, string>>,
  regions: RegionIds,
  refusals: Refusal[],
): ProductDraft {
  const { handle } = draft
  const refuse = (line: number, reason: string) =>
    void refusals.push({ line, handle, code: "import.reference_unknown", reason })
  const changes: Record<string, unknown> = {}
  for (const kind of kinds) {
    const ids = idsOf(draft, kind)
    if (ids.length === 0) continue
    const known = found.get(kind)
    const unknown = new Set(ids.filter((id) => known?.has(id) !== true))
    for (const id of unknown) refuse(draft.line, `${kind.column}: the shop has no "${id}"`)
    const value = draft[kind.field]
    if (typeof value === "string") changes[kind.field] = unknown.has(value) ? undefined : value
    else changes[kind.field] = value?.filter((id) => !unknown.has(id)).map((id) => known?.get(id) ?? id)
  }
  for (const { line, prices = [] } of hasRegionalPrices(draft) ? draft.variants : [])
    for (const price of prices)
      if (price.region !== undefined && !regions.has(regionKey(price)))
        refuse(line, `Variant Price: the shop has no region "${price.region}" that sells in ${price.currencyCode}`)
  if (Object.keys(changes).length === 0) return draft
  const entries = Object.entries({ ...draft, ...changes }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as unknown as ProductDraft
}
