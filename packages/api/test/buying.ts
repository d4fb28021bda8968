import { someCredentials } from "@marquetry/auth/testing"
import type { Json, Shop } from "./shop.ts"

/** Where carts of these tests go. */
export const berlin = {
  first_name: "Ada",
  last_name: "Lovelace",
  address_1: "Unter den Linden 1",
  city: "Berlin",
  postal_code: "10117",
  country_code: "de",
}

/** A row of an answer. */
export type Row = Json & { readonly id: string }
export const list = (row: Json, key: string): Row[] => row[key] as Row[]

/** What somebody would buy, and how. */
export interface Wish {
  readonly variant?: string
  readonly quantity?: number
  readonly email?: string
  readonly provider?: string
  readonly body?: Json
}

/** Where somebody buys. */
export type Storefront = Pick<Shop, "token" | "europe" | "shippingOption" | "raw" | "post" | "delete"> & {
  readonly lamp: { readonly variants: readonly { readonly id: string }[] }
}

/** What somebody does in a shop, by the requests that a storefront makes. */
export function visitor(shop: Storefront, token?: string, more: Record<string, string> = {}) {
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...more }
  const get = (url: string) => shop.raw("GET", url, { "x-publishable-api-key": shop.token, ...headers })
  const post = (url: string, body: unknown = {}) => shop.post(url, body, headers)
  const remove = (url: string, body?: unknown) => shop.delete(url, body, headers)
  const done = async (answer: Promise<{ status: number; text: string; body: Json }>): Promise<Json> => {
    const { status, text, body } = await answer
    if (status !== 200) throw new Error(`Refused with ${status}: ${text}`)
    return body
  }

  const cart = async (input: Json = {}): Promise<Row> =>
    (await done(post("/store/carts", { region_id: shop.europe, ...input })))["cart"] as Row
  /** A cart that only lacks a payment. */
  const sentCart = async ({ variant = shop.lamp.variants[0]?.id, quantity = 1, email, body }: Wish = {}) => {
    const items = [{ variant_id: variant, quantity }]
    const address = { shipping_address: berlin, billing_address: berlin }
    const { id } = await cart({ items, email: email ?? "guest@example.com", ...address, ...body })
    return (await done(post(`/store/carts/${id}/shipping-methods`, { option_id: shop.shippingOption })))["cart"] as Row
  }
  const pay = async (cartId: string, provider = "pp_system_default"): Promise<Row> => {
    const made = await done(post("/store/payment-collections", { cart_id: cartId }))
    const { id } = made["payment_collection"] as Row
    const url = `/store/payment-collections/${id}/payment-sessions`
    return (await done(post(url, { provider_id: provider })))["payment_collection"] as Row
  }
  /** A cart that only needs to be completed. */
  const readyCart = async (wish: Wish = {}): Promise<string> => {
    const { id } = await sentCart(wish)
    await pay(id, wish.provider)
    return id
  }
  const complete = (cartId: string) => post(`/store/carts/${cartId}/complete`)
  const order = async (wish: Wish = {}): Promise<Row> => (await done(complete(await readyCart(wish))))["order"] as Row
  return { get, post, delete: remove, done, cart, sentCart, pay, readyCart, complete, order }
}

export type Visitor = ReturnType<typeof visitor>

/** Somebody who has an account, and is logged in. */
export async function customer(shop: Storefront, input: Json = {}) {
  const credentials = someCredentials()
  const anonymous = visitor(shop)
  const registered = await anonymous.done(anonymous.post("/auth/customer/emailpass/register", credentials))
  const registering = visitor(shop, String(registered["token"]))
  const made = await registering.done(registering.post("/store/customers", input))
  const { id } = made["customer"] as Row
  const { token } = await anonymous.done(anonymous.post("/auth/customer/emailpass", credentials))
  return { ...visitor(shop, String(token)), id, email: credentials.email, token: String(token), credentials }
}
