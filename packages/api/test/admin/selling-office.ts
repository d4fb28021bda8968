import { ApiKeyService } from "@marquetry/api-key"
import { apiKeySalesChannel, variantPriceSet } from "@marquetry/flows"
import { Links, type DependencyContainer } from "@marquetry/kernel"
import { PriceSetService } from "@marquetry/pricing"
import { ProductService } from "@marquetry/product"
import { RegionService } from "@marquetry/region"
import { SalesChannelService } from "@marquetry/sales-channel"
import { visitor, type Row, type Wish } from "../buying.ts"
import { addProduct, sell, type SellingOptions } from "../selling.ts"
import { openBackOffice, type BackOffice, type Json } from "./back-office.ts"

/** Shirts and lamps for 20 euros. */
async function makeCatalogue(container: DependencyContainer) {
  const made = await container
    .resolve(ProductService)
    .createMany(["Shirt", "Lamp"].map((title) => ({ title, status: "published" as const, variants: [{ sku: title }] })))
  const [shirt, lamp] = made as [Product, Product]
  const variants = made.flatMap((product) => product.variants)
  const sets = await container
    .resolve(PriceSetService)
    .createMany(variants.map(() => ({ prices: [{ currencyCode: "eur", amount: "20" }] })))
  const links = container.resolve(Links)
  await links.add(
    variantPriceSet,
    variants.map(({ id }, index) => [id, sets[index] as string] as const),
  )
  return { shirt, lamp }
}

type Product = Awaited<ReturnType<ProductService["createMany"]>>[number]

/** How a storefront reaches a back office. */
function storefrontOf(office: Pick<BackOffice, "address">, token: string) {
  const raw = async (
    method: "GET" | "POST" | "DELETE",
    url: string,
    headers: Record<string, string>,
    body?: unknown,
  ) => {
    const response = await fetch(`${office.address}${url}`, {
      method,
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, text, body: JSON.parse(text) as Json }
  }
  const key = { "x-publishable-api-key": token }
  return {
    token,
    raw,
    post: (url: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      raw("POST", url, { ...key, ...headers }, body),
    delete: (url: string, body?: unknown, headers: Record<string, string> = {}) =>
      raw("DELETE", url, { ...key, ...headers }, body),
  }
}

/** A back office of a shop that sells shirts and lamps, sent for 5 euros from a warehouse, with 19 % of VAT in Germany. */
export async function openSellingOffice(options: SellingOptions = {}) {
  const office = await openBackOffice(options)
  const { container } = office
  const web = await container.resolve(SalesChannelService).create({ name: "Web" })
  const key = await container.resolve(ApiKeyService).create({ type: "publishable", title: "Storefront" })
  await container.resolve(Links).add(apiKeySalesChannel, [[key.id, web.id]])
  const region = { name: "Europe", currencyCode: "eur", countries: ["de", "fr"] }
  const europe = await container.resolve(RegionService).create(region)
  const sold = { web: web.id, europe: europe.id, ...(await makeCatalogue(container)) }
  const shop = { ...sold, ...(await sell(container, sold, options)), ...storefrontOf(office, key.token) }
  const buyer = visitor(shop)
  return {
    ...office,
    shop,
    buyer,
    addProduct: (wish: Parameters<typeof addProduct>[1] = {}) => addProduct({ container, ...shop }, wish),
    /** An order of pieces of a product that nobody else buys, and what was bought. */
    order: async ({ stock = 10, ...wish }: Wish & { readonly stock?: number } = {}) => {
      const product = await addProduct({ container, ...shop }, { stock })
      const { id } = await buyer.order({ variant: product.variant, ...wish })
      const { body } = await office.get(`/admin/orders/${id}`)
      return { id, order: body["order"] as PlacedOrder, ...product }
    },
    /** An order as the back office sees it. */
    read: async (id: string) => (await office.get(`/admin/orders/${id}`)).body["order"] as PlacedOrder,
    /** What is in the warehouse. */
    stockOf: async (inventoryItem: string) => {
      const [level] = await office.composition.database.sql<{ stocked: number; reserved: number }>(
        `select stocked_quantity::int as stocked, reserved_quantity::int as reserved
         from "inventory"."inventory_level" where inventory_item_id = $1`,
        [inventoryItem],
      )
      return level
    },
  }
}

export type SellingOffice = Awaited<ReturnType<typeof openSellingOffice>>

/** What the tests read of an order. */
export interface PlacedOrder extends Row {
  readonly display_id: number
  readonly email: string
  readonly total: number
  readonly summary: Record<string, number>
  readonly items: readonly (Row & { readonly detail: Json })[]
  readonly fulfillments: readonly Row[]
  readonly payment_collections: readonly (Row & { readonly payments: readonly Row[] })[]
}

/** All pieces of an order. */
export const piecesOf = ({ items }: PlacedOrder) =>
  items.map(({ id, quantity }) => ({ id, quantity: quantity as number }))

/** The payment of an order that has one. */
export const paymentOf = ({ payment_collections: [collection] }: PlacedOrder): string =>
  collection?.payments[0]?.id as string
