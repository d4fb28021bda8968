import { InventoryItemService, VariantInventoryItemService } from "@marquetry/inventory"
import { Query } from "@marquetry/kernel"
import type { CreateProductInput } from "../src/index.ts"
import type { Shop } from "./shop.ts"

export const sizes = ["S", "M"] as const

/** A shirt in two sizes, at ten euros or eleven dollars. */
export const aShirt = (overrides: Partial<CreateProductInput> = {}): CreateProductInput => ({
  title: "Shirt",
  status: "published",
  options: [{ title: "Size", values: [...sizes] }],
  variants: sizes.map((Size) => ({ options: { Size }, prices: twoPrices })),
  ...overrides,
})

const twoPrices = [
  { currencyCode: "eur", amount: 10 },
  { currencyCode: "usd", amount: 11 },
]

interface PriceRow {
  id: string
  currencyCode: string
  amount: string
  minQuantity: string | null
  priceListId: string | null
  priceRules: { attribute: string; value: string }[]
}

interface VariantRow {
  id: string
  title: string
  sku: string | null
  priceSet: { id: string; prices: PriceRow[] } | null
  inventoryItems: { inventoryId: string; requiredQuantity: number }[]
}

interface ProductRow {
  id: string
  handle: string
  title: string
  tags: { value: string }[]
  categories: { name: string }[]
  salesChannels: { id: string }[]
  shippingProfile: { id: string } | null
  variants: VariantRow[]
}

/** A catalogue as a merchant sees it, over all modules. */
export class Catalogue {
  readonly #shop: Shop

  constructor(shop: Shop) {
    this.#shop = shop
  }

  async find(id: string): Promise<ProductRow | undefined> {
    const { rows } = await this.#shop.resolve(Query).listAny("product", {
      fields: {
        id: true,
        handle: true,
        title: true,
        tags: { value: true },
        categories: { name: true },
        salesChannels: { id: true },
        shippingProfile: { id: true },
        variants: {
          id: true,
          title: true,
          sku: true,
          priceSet: { id: true, prices: { "*": true, priceRules: { attribute: true, value: true } } },
          inventoryItems: { inventoryId: true, requiredQuantity: true },
        },
      },
      filter: { id },
    })
    return rows[0] as unknown as ProductRow | undefined
  }

  async get(id: string): Promise<ProductRow> {
    return (await this.find(id)) as ProductRow
  }

  /** Prices of a product by variant, in short: `["M 10 eur", …]`; those in lists are marked. */
  async pricesOf(id: string): Promise<string[]> {
    const { variants } = await this.get(id)
    return variants
      .flatMap(({ title, priceSet }) => (priceSet?.prices ?? []).map((price) => `${title} ${inShort(price)}`))
      .sort()
  }

  items() {
    return this.#shop.resolve(InventoryItemService)
  }

  variantItems() {
    return this.#shop.resolve(VariantInventoryItemService)
  }

  /** How many living rows there are of what the flows write. */
  async counts(): Promise<Record<string, number>> {
    const tables = {
      products: `"product"."product"`,
      variants: `"product"."product_variant"`,
      priceSets: `"pricing"."price_set"`,
      prices: `"pricing"."price"`,
      items: `"inventory"."inventory_item"`,
      parts: `"inventory"."variant_inventory_item"`,
    }
    const links = { sold: `"link"."product_sales_channel"`, priced: `"link"."product_variant_price_set"` }
    const counted = [
      ...Object.entries(tables).map(
        ([name, table]) => `(select count(*)::int from ${table} where deleted_at is null) as "${name}"`,
      ),
      ...Object.entries(links).map(([name, table]) => `(select count(*)::int from ${table}) as "${name}"`),
    ]
    const [row] = await this.#shop.sql<Record<string, number>>(`select ${counted.join(", ")}`)
    return row as Record<string, number>
  }
}

function inShort({ amount, currencyCode, minQuantity, priceListId, priceRules }: PriceRow): string {
  const rules = priceRules.map(({ attribute, value }) => ` ${attribute}=${value}`).join("")
  return `${amount} ${currencyCode}${minQuantity === null ? "" : ` from ${minQuantity}`}${rules}${priceListId === null ? "" : " listed"}`
}
