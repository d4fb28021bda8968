import { ApiKeyService } from "@marquetry/api-key"
import { apiKeySalesChannel } from "@marquetry/flows"
import { Links, type Composition } from "@marquetry/kernel"
import { productImporter, type ProductDraft, type Reading } from "@marquetry/product-csv"
import { RegionService } from "@marquetry/region"
import { SalesChannelService } from "@marquetry/sales-channel"

/** What a bench asks for. */
export interface Shop {
  readonly key: string
  readonly regionId: string
  readonly salesChannelId: string
}

const colours = ["Oak", "Ash", "Elm", "Walnut", "Cherry"]
const kinds = ["Stool", "Shelf", "Frame", "Box", "Tray", "Bench", "Rack", "Lamp"]

/** Makes a shop of `products` products with five variants, three images and prices in two currencies each. */
export async function makeShop({ container }: Composition, products: number): Promise<Shop> {
  const channel = await container.resolve(SalesChannelService).create({ name: "Web" })
  const key = await container.resolve(ApiKeyService).create({ type: "publishable", title: "Bench" })
  await container.resolve(Links).add(apiKeySalesChannel, [[key.id, channel.id]])
  const region = await container
    .resolve(RegionService)
    .create({ name: "Europe", currencyCode: "eur", countries: ["de"] })
  await productImporter(container).run(drafts(products), {
    prices: [{ currencyCode: "eur" }, { currencyCode: "usd", factor: "1.1" }],
    salesChannelIds: [channel.id],
  })
  return { key: key.token, regionId: region.id, salesChannelId: channel.id }
}

/** Products as a file would say them. */
export async function* drafts(count: number): AsyncGenerator<Reading> {
  for (let index = 0; index < count; index++) yield { draft: draft(index) }
}

function draft(index: number): ProductDraft {
  const kind = kinds[index % kinds.length] as string
  const images = [1, 2, 3].map((number) => ({
    url: `https://images.example/${index}-${number}.jpg`,
    alt: `${kind} ${number}`,
  }))
  return {
    line: index + 2,
    handle: `${kind.toLowerCase()}-${index}`,
    title: `${kind} No. ${index}`,
    description: `<p>${"A plain piece of furniture, made to be used and mended. ".repeat(6)}</p>`,
    vendor: "Bench",
    type: kind,
    tags: [`tag-${index % 20}`, `tag-${(index * 7) % 20}`],
    published: true,
    giftCard: false,
    options: ["Wood"],
    variants: colours.map((colour, position) => ({
      line: index + 2,
      options: [colour],
      sku: `SKU-${index}-${position}`,
      barcode: null,
      weight: "1200",
      weightUnit: "kg",
      price: `${20 + (index % 80)}.${position}9`,
      compareAtPrice: index % 10 === 0 ? `${30 + (index % 80)}.99` : null,
      manageInventory: true,
      allowBackorder: false,
      inventoryQuantity: 10,
      requiresShipping: true,
      taxable: true,
      image: null,
    })),
    images,
    seo: { title: null, description: null },
  }
}
