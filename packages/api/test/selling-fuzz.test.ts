import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { customer, list, visitor, type Visitor } from "./buying.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let ada: Visitor
/** What names of the wire may stand for, so that not all is refused at the door. */
let known: Record<string, string>
beforeAll(async () => {
  shop = await openShop({ stock: 100_000 })
  guest = visitor(shop)
  ada = await customer(shop)
  const sent = await guest.sentCart()
  const order = await guest.order()
  known = {
    cart: sent.id,
    line: list(sent, "items")[0]?.id as string,
    collection: (await guest.pay(sent.id)).id,
    order: order.id,
    option: shop.shippingOption,
    express: shop.express,
    variant: shop.lamp.variants[0]?.id as string,
    region: shop.europe,
    japan: shop.japan,
    channel: shop.web,
  }
})
afterAll(() => shop.drop())

const ids = ["cart", "line", "collection", "order", "option", "express", "variant", "region", "japan", "channel"]
/** `$cart` is the id of a cart that there is. */
const id = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ids.map((name) => `$${name}`)) },
  fc.constantFrom("x", "", "cart_x", "null", "%00", "'; drop table cart; --", "é🪵", "a".repeat(201)),
)
const leaf = fc.oneof(
  { weight: 3, arbitrary: id },
  fc.constantFrom(
    null,
    true,
    false,
    0,
    -1,
    1,
    1.5,
    2,
    1e21,
    -0,
    Number.MAX_VALUE,
    "",
    " ",
    "0",
    "de",
    "DE",
    "us",
    "eur",
    "a@b.de",
    "@",
  ),
  fc.constantFrom("\u0000", "\uD800", "__proto__", "constructor", "x".repeat(10_001)),
  fc.string({ maxLength: 6 }),
)
const names = `region_id email items shipping_address billing_address promo_codes metadata locale currency_code
  sales_channel_id variant_id quantity option_id data cart_id provider_id token description update_order_email fields
  additional_data country_code first_name city id customer_id __proto__ constructor completed_at`.split(/\s+/)
const { body } = fc.letrec((tie) => ({
  body: fc.oneof(
    { weight: 6, arbitrary: fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 4 }) },
    fc.array(tie("value"), { maxLength: 2 }),
    leaf,
  ),
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 3 }),
  ),
}))

/** Bodies that are right, mostly: one thing of them is not. */
const almost: Record<string, Json> = {
  "POST /store/carts": { region_id: "$region", items: [{ variant_id: "$variant", quantity: 1 }], email: "a@b.de" },
  "POST /store/carts/$cart": { email: "a@b.de", shipping_address: { country_code: "de", metadata: {} }, metadata: {} },
  "POST /store/carts/$cart/line-items": { variant_id: "$variant", quantity: 1, metadata: {} },
  "POST /store/carts/$cart/line-items/$line": { quantity: 1, metadata: {} },
  "DELETE /store/carts/$cart/line-items/$line": {},
  "POST /store/carts/$cart/promotions": { promo_codes: ["A"] },
  "DELETE /store/carts/$cart/promotions": { promo_codes: ["A"] },
  "POST /store/carts/$cart/shipping-methods": { option_id: "$option", data: {} },
  "POST /store/carts/$cart/taxes": { fields: "id" },
  "POST /store/carts/$cart/customer": {},
  "POST /store/carts/$cart/complete": {},
  "GET /store/carts/$cart": {},
  "GET /store/shipping-options": {},
  "POST /store/shipping-options/$express/calculate": { cart_id: "$cart", data: { extra: 3 } },
  "POST /store/payment-collections": { cart_id: "$cart" },
  "POST /store/payment-collections/$collection/payment-sessions": { provider_id: "pp_system_default", data: {} },
  "GET /store/payment-providers": {},
  "GET /store/orders": {},
  "GET /store/orders/$order": {},
  "POST /store/orders/$order/transfer/accept": { token: "a" },
  "POST /store/orders/$order/transfer/decline": { token: "a" },
  "POST /store/orders/$order/transfer/request": { description: "mine", update_order_email: true },
  "POST /store/orders/$order/transfer/cancel": {},
  "GET /store/return-reasons": {},
  "GET /store/return-reasons/x": {},
}
const routes = Object.keys(almost)

/** Puts ids in the places of their names. */
const filled = (value: unknown): unknown => {
  if (typeof value === "string") return value.startsWith("$") ? (known[value.slice(1)] ?? value) : value
  if (Array.isArray(value)) return value.map(filled)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]))
}
const pathOf = (path: string) =>
  path
    .split("/")
    .map((step) => (step.startsWith("$") ? encodeURIComponent(String(filled(step)).toWellFormed()) : step))
    .join("/")

/** Some requests use a cart up. */
async function prepare(path: string): Promise<void> {
  if (!/\$line|complete|customer/.test(path)) return
  const cart = await guest.cart({ items: [{ variant_id: known["variant"], quantity: 1 }], email: "a@b.de" })
  known = { ...known, cart: cart.id, line: list(cart, "items")[0]?.id as string }
}

/** What is wrong with an answer: it is neither of the contract nor a refusal that says why. */
async function faultOf(as: Visitor, method: string, url: string, payload?: unknown): Promise<unknown> {
  const ask = { GET: () => as.get(url), POST: () => as.post(url, payload), DELETE: () => as.delete(url, payload) }
  const { status, body: answer, text } = await ask[method as keyof typeof ask]()
  const isRefusal =
    [400, 404, 409].includes(status) && ["type", "message", "code"].every((key) => typeof answer[key] === "string")
  const isUnauthorized = status === 401 && answer["message"] === "Unauthorized"
  return status === 200 || isRefusal || isUnauthorized ? undefined : { method, url, payload, status, text }
}

describe("whatever is sent", () => {
  it("is answered, and is never a fault of ours", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), body, fc.boolean(), async (route, payload, loggedIn) => {
        const [method = "", path = ""] = route.split(" ")
        await prepare(path)
        expect(await faultOf(loggedIn ? ada : guest, method, pathOf(path), filled(payload))).toBeUndefined()
      }),
      { numRuns: 800 },
    )
  }, 120_000)

  it("is answered when only one thing of it is wrong", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.nat(),
        fc.oneof(
          leaf,
          fc.array(leaf, { maxLength: 2 }),
          fc.dictionary(fc.constantFrom(...names), leaf, { maxKeys: 2 }),
        ),
        async (route, place, value) => {
          const [method = "", path = ""] = route.split(" ")
          const right = almost[route] as Json
          const keys = Object.keys(right)
          const key = keys[place % Math.max(keys.length, 1)]
          await prepare(path)
          const payload = key === undefined ? right : { ...right, [key]: value }
          expect(await faultOf(guest, method, pathOf(path), filled(payload))).toBeUndefined()
        },
      ),
      { numRuns: 800 },
    )
  }, 120_000)

  it("is answered for every id and every query string", async () => {
    const parameter = fc.tuple(
      fc.constantFrom(
        "fields",
        "cart_id",
        "region_id",
        "is_return",
        "limit",
        "offset",
        "order",
        "id",
        "status",
        "$or",
        "q",
        "id[$in]",
        "x",
      ),
      fc.oneof(
        id,
        leaf.map(String),
        fc.constantFrom(
          "*items",
          "+items.total",
          "*a.b.c.d",
          "-id",
          "items.product.x",
          "created_at",
          "-total",
          "customer.email",
          "true",
        ),
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        id,
        fc.array(parameter, { maxLength: 4 }),
        async (route, other, query) => {
          const [method = "", path = ""] = route.split(" ")
          const place = path.replace(/\$\w+/, () => encodeURIComponent(String(filled(other)).toWellFormed()))
          const search = query
            .map(([name, value]) => `${name}=${encodeURIComponent(String(filled(value)).toWellFormed())}`)
            .join("&")
          expect(await faultOf(ada, method, `${pathOf(place)}?${search}`, filled(almost[route]))).toBeUndefined()
        },
      ),
      { numRuns: 800 },
    )
  }, 120_000)

  it.each(["{", "[", "nul", '{"a":}', "\u0000", '"', "{}{}"])("is refused when it is no JSON: %j", async (payload) => {
    const headers = { "x-publishable-api-key": shop.token, "content-type": "application/json" }
    const statuses = await Promise.all(
      routes
        .filter((route) => !route.startsWith("GET"))
        .map(async (route) => {
          const [method, path = ""] = route.split(" ")
          const { app } = shop.server
          return (await app.inject({ method: method as "POST", url: pathOf(path), headers, payload })).statusCode
        }),
    )

    expect([...new Set(statuses)]).toEqual([400])
  })
})
