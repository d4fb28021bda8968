import { HttpClient } from "../selling/http-client.ts"

const woods = ["Oak", "Ash", "Elm", "Walnut", "Cherry"]

/** Which products are taken in, and where they are sold and kept. */
export interface Delivery {
  /** The number of the first. */
  readonly from: number
  readonly count: number
  readonly channelId: string
  readonly locationId: string
}

interface BatchAnswer {
  readonly created: readonly {
    readonly variants: readonly { readonly inventory_items?: readonly { readonly inventory_item_id: string }[] }[]
  }[]
}

/** A program that fills a shop by the Admin API, with a secret key. */
export class Merchant {
  readonly #client: HttpClient

  constructor(address: string, secret: string) {
    this.#client = new HttpClient(address, { authorization: `Basic ${btoa(`${secret}:`)}` })
  }

  /** Two requests: the products, and what there is of them. */
  async takeIn({ from, count, channelId, locationId }: Delivery): Promise<void> {
    const create = Array.from({ length: count }, (_, index) => productOf(from + index, channelId))
    const fields = "id,variants.inventory_items.inventory_item_id"
    const made = await this.#post<BatchAnswer>(`/admin/products/batch?fields=${fields}`, { create })
    const items = made.created.flatMap(({ variants }) => variants.flatMap((variant) => variant.inventory_items ?? []))
    await this.#post("/admin/inventory-items/location-levels/batch", {
      create: items.map(({ inventory_item_id }) => ({
        inventory_item_id,
        location_id: locationId,
        stocked_quantity: 10,
      })),
    })
  }

  leave(): void {
    this.#client.close()
  }

  async #post<Answer>(path: string, body: unknown): Promise<Answer> {
    const answer = await this.#client.send("POST", path, body)
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text()}`)
    return JSON.parse(answer.text()) as Answer
  }
}

function productOf(index: number, channelId: string) {
  return {
    title: `Stool No. ${index}`,
    handle: `stool-${index}`,
    status: "published",
    description: `<p>${"A plain piece of furniture, made to be used and mended. ".repeat(6)}</p>`,
    images: [1, 2, 3].map((number) => ({ url: `https://images.example/${index}-${number}.jpg` })),
    options: [{ title: "Wood", values: woods }],
    variants: woods.map((wood, position) => ({
      title: wood,
      sku: `SKU-${index}-${position}`,
      options: { Wood: wood },
      prices: [
        { currency_code: "eur", amount: 20 + (index % 80) + position / 10 },
        { currency_code: "usd", amount: 22 + (index % 80) + position / 10 },
      ],
    })),
    sales_channels: [{ id: channelId }],
  }
}
