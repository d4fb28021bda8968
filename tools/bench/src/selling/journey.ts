import { HttpClient, type Answer } from "./http-client.ts"
import type { SellingShop } from "./selling-shop.ts"

/** Told of each call: what it was, and how many milliseconds it took. */
export type Watch = (step: string, milliseconds: number) => Promise<void> | void

/** A call was answered by something else than expected. */
class Unexpected extends Error {
  constructor(step: string, answer: Answer) {
    super(`${step}: ${answer.status} ${answer.text().slice(0, 300)}`)
  }
}

interface CartAnswer {
  readonly cart: { readonly id: string }
}

const address = {
  first_name: "Ada",
  last_name: "Lovelace",
  address_1: "Torstraße 1",
  city: "Berlin",
  postal_code: "10119",
  country_code: "de",
}

let shoppers = 0

/** Somebody who shops, over a connection of their own. */
export class Shopper {
  readonly #shop: SellingShop
  readonly #client: HttpClient
  readonly #watch: Watch

  constructor(server: string, shop: SellingShop, watch: Watch = () => {}) {
    this.#shop = shop
    this.#client = new HttpClient(server, { "x-publishable-api-key": shop.key })
    this.#watch = watch
  }

  /** Makes a cart with an item, and adds another: two calls. @returns its id. */
  async fillCart(): Promise<string> {
    const id = await this.startCart(some(this.#shop.variantIds))
    await this.#post<CartAnswer>("add an item", `/store/carts/${id}/line-items`, {
      variant_id: some(this.#shop.variantIds),
      quantity: 2,
    })
    return id
  }

  /** @returns the id of a cart with one piece of a variant. */
  async startCart(variantId: string): Promise<string> {
    const { cart } = await this.#post<CartAnswer>("create a cart with an item", "/store/carts", {
      region_id: this.#shop.regionId,
      items: [{ variant_id: variantId, quantity: 1 }],
    })
    return cart.id
  }

  /** From the list of products to the order: ten calls. @returns the order's id. */
  async buy(): Promise<string> {
    const { regionId, productIds } = this.#shop
    const where = `region_id=${regionId}&country_code=de`
    const offset = Math.floor(Math.random() * Math.max(1, productIds.length - 20))
    await this.#get(
      "list products",
      `/store/products?limit=20&offset=${offset}&${where}&fields=*variants.calculated_price`,
    )
    const fields = "*variants.calculated_price,+variants.inventory_quantity"
    await this.#get("show a product", `/store/products/${some(productIds)}?${where}&fields=${fields}`)
    const id = await this.fillCart()
    await this.prepare(id)
    const answer = await this.complete(id)
    const { order } = JSON.parse(answer.text()) as { order?: { id: string } }
    if (order === undefined) throw new Unexpected("complete", answer)
    return order.id
  }

  /** Says to whom a cart goes, how it is sent and how it is paid for: five calls. */
  async prepare(id: string): Promise<void> {
    await this.#post("set e-mail and addresses", `/store/carts/${id}`, {
      email: `shopper-${++shoppers}@example.com`,
      shipping_address: address,
      billing_address: address,
    })
    await this.#get("list shipping options", `/store/shipping-options?cart_id=${id}`)
    await this.#post("choose shipping", `/store/carts/${id}/shipping-methods`, {
      option_id: this.#shop.shippingOptionId,
    })
    const { payment_collection } = await this.#post<{ payment_collection: { id: string } }>(
      "make a payment collection",
      "/store/payment-collections",
      { cart_id: id },
    )
    await this.#post("choose how to pay", `/store/payment-collections/${payment_collection.id}/payment-sessions`, {
      provider_id: "pp_system_default",
    })
  }

  /** @returns whatever is answered: an order, or why there is none. */
  async complete(id: string): Promise<Answer> {
    return this.#call("complete", "POST", `/store/carts/${id}/complete`, {})
  }

  leave(): void {
    this.#client.close()
  }

  async #get(step: string, path: string): Promise<void> {
    const answer = await this.#call(step, "GET", path)
    if (answer.status !== 200) throw new Unexpected(step, answer)
  }

  async #post<Body>(step: string, path: string, body: unknown): Promise<Body> {
    const answer = await this.#call(step, "POST", path, body)
    if (answer.status !== 200) throw new Unexpected(step, answer)
    return JSON.parse(answer.text()) as Body
  }

  async #call(step: string, method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> {
    const begun = performance.now()
    const answer = await this.#client.send(method, path, body)
    await this.#watch(step, performance.now() - begun)
    return answer
  }
}

const some = (ids: readonly string[]): string => ids[Math.floor(Math.random() * ids.length)] as string
