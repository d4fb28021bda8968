import { RegionService } from "@marquetry/region"
import type { BackOffice, Json } from "./back-office.ts"

export interface Price {
  id: string
  amount: number
  currency_code: string
  variant_id: string
  rules: Record<string, string>
  price_rules: { attribute: string; value: string }[]
}

export interface Variant {
  id: string
  title: string
  sku: string | null
  prices: Price[]
}

export interface Product {
  id: string
  title: string
  handle: string
  updated_at: string
  variants: Variant[]
}

/** What prices there are, in short. */
export const inShort = ({ variants }: Pick<Product, "variants">): string[] =>
  variants
    .flatMap(({ title, prices }) =>
      prices.map(({ amount, rules }) => `${title} ${amount} ${Object.keys(rules).join()}`),
    )
    .toSorted()

/** Shirts of a back office, made by its API. */
export async function shirtsOf(office: BackOffice) {
  const sdk = await office.sdk()
  const { id: region } = await office.container
    .resolve(RegionService)
    .create({ name: "Europe", currencyCode: "eur", countries: ["de"] })
  let made = 0
  /** A shirt in two sizes, with SKUs that no other has. */
  const aShirt = (more: Json = {}): Json => {
    const number = ++made
    return {
      title: `Shirt ${number}`,
      options: [{ title: "Size", values: ["S", "M"] }],
      variants: ["S", "M"].map((Size) => ({
        title: Size,
        options: { Size },
        sku: `SHIRT-${number}-${Size}`,
        prices: [
          { currency_code: "eur", amount: 20 },
          { currency_code: "eur", amount: 18, rules: { region_id: region } },
        ],
      })),
      ...more,
    }
  }
  return {
    region,
    aShirt,
    create: async (more: Json = {}): Promise<Product> => {
      const { product } = await sdk.admin.product.create(aShirt(more) as never)
      return product as unknown as Product
    },
    retrieve: async (id: string, fields?: string): Promise<Product & Json> => {
      const { product } = await sdk.admin.product.retrieve(id, fields === undefined ? {} : { fields })
      return product as unknown as Product & Json
    },
  }
}

export type Shirts = Awaited<ReturnType<typeof shirtsOf>>
