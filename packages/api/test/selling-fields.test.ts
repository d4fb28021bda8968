import { PromotionService } from "@marquetry/promotion"
import { aPromotion } from "@marquetry/promotion/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { customer, list as rowsOf, type Row } from "./buying.ts"
import { keysOf, openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
  const all = { type: "percentage", targetType: "shipping_methods", value: 10, allocation: "across" } as const
  const promotions = [aPromotion({ code: "TEN" }), aPromotion({ code: "SENT", applicationMethod: all })]
  await shop.container.resolve(PromotionService).createMany(promotions)
})
afterAll(() => shop.drop())

const words = (text: string) => text.split(/[,\s]+/).filter((word) => word !== "")

const dates = "created_at updated_at"
const place = "first_name last_name company address_1 address_2 city postal_code country_code province phone"
const lineTotals = `subtotal total original_subtotal original_total original_tax_total discount_subtotal discount_tax_total
  discount_total tax_total`
const orderTotals = `total subtotal tax_total discount_total discount_subtotal discount_tax_total original_total
  original_tax_total item_total item_subtotal item_tax_total original_item_total original_item_subtotal
  original_item_tax_total shipping_total shipping_subtotal shipping_tax_total original_shipping_tax_total
  original_shipping_subtotal original_shipping_total credit_line_subtotal credit_line_tax_total credit_line_total`
const described = `title subtitle thumbnail variant_id product_id product_title product_description product_subtitle
  product_type product_type_id product_collection product_handle variant_sku variant_barcode variant_title
  variant_option_values requires_shipping is_discountable is_giftcard is_tax_inclusive is_custom_price metadata ${dates}`
const collection = `id currency_code amount completed_at status metadata ${dates} deleted_at authorized_amount captured_amount
  refunded_amount`
const session = `id currency_code provider_id data context status authorized_at payment_collection_id metadata ${dates}
  deleted_at amount`
const variant = `id title sku barcode ean upc allow_backorder manage_inventory hs_code origin_country mid_code material weight
  length height width metadata variant_rank thumbnail product_id ${dates} deleted_at`
const product = `id title subtitle status external_id description handle is_giftcard discountable thumbnail collection_id
  type_id weight length height width hs_code origin_country mid_code material metadata ${dates} deleted_at`
const option = `id name price_type service_zone_id shipping_profile_id provider_id data amount is_tax_inclusive
  insufficient_inventory calculated_price prices type provider rules service_zone`

/** Keys of a row, and those of what is inside it, by where that is. */
type Shape = Readonly<Record<string, string>>

const cart: Shape = {
  "": `id currency_code email locale region_id ${dates} completed_at ${orderTotals} item_discount_total
    shipping_discount_total metadata sales_channel_id shipping_address_id billing_address_id
    region payment_collection credit_lines promotions items customer shipping_methods shipping_address billing_address`,
  region: "id name currency_code automatic_taxes countries",
  "region.countries": "iso_2 iso_3 num_code name display_name region_id metadata",
  payment_collection: `${collection} payment_sessions`,
  "payment_collection.payment_sessions": session,
  promotions: "id code is_automatic is_tax_inclusive application_method",
  "promotions.application_method": "value type currency_code",
  items: `id thumbnail product variant variant_id product_id is_giftcard product_type_id product_title product_description
    product_subtitle product_type product_collection product_handle variant_sku variant_barcode variant_title
    requires_shipping metadata ${dates} title quantity unit_price compare_at_unit_price is_tax_inclusive tax_lines adjustments`,
  "items.product": "id collection_id type_id categories tags",
  "items.product.categories": "id",
  "items.product.tags": "id",
  "items.variant": "id",
  "items.tax_lines": "id description code rate provider_id data metadata",
  "items.adjustments": "id code promotion_id amount is_tax_inclusive",
  customer: "id email groups",
  shipping_methods: "amount is_tax_inclusive shipping_option_id tax_lines adjustments",
  "shipping_methods.tax_lines": "id description code rate provider_id data metadata",
  "shipping_methods.adjustments": "id code amount",
  shipping_address: `id ${place}`,
  billing_address: `id ${place}`,
}

const taxLine = `id description tax_rate_id code provider_id metadata data ${dates} rate total subtotal`
const adjustment = `id version description promotion_id code provider_id is_tax_inclusive metadata ${dates} amount subtotal total`
const order: Shape = {
  "": `id status summary currency_code display_id custom_display_id region_id email ${orderTotals} original_subtotal ${dates}
    credit_lines items shipping_address billing_address shipping_methods payment_collections`,
  summary: `current_order_total original_order_total accounting_total paid_total refunded_total transaction_total
    credit_line_total pending_difference`,
  items: `id order_id quantity unit_price compare_at_unit_price ${described} ${lineTotals} tax_lines adjustments detail variant`,
  "items.tax_lines": `${taxLine} item_id`,
  "items.adjustments": `${adjustment} item_id`,
  "items.detail": `id version metadata order_id ${dates} item_id unit_price compare_at_unit_price quantity fulfilled_quantity
    delivered_quantity shipped_quantity return_requested_quantity return_received_quantity return_dismissed_quantity
    written_off_quantity`,
  "items.variant": `${variant} product`,
  "items.variant.product": product,
  shipping_address: `id customer_id ${place} metadata ${dates}`,
  billing_address: `id customer_id ${place} metadata ${dates}`,
  shipping_methods: `id order_id name description is_tax_inclusive is_custom_amount shipping_option_id data metadata ${dates}
    amount ${lineTotals} tax_lines adjustments`,
  "shipping_methods.tax_lines": `${taxLine} shipping_method_id`,
  "shipping_methods.adjustments": `${adjustment} shipping_method_id`,
  payment_collections: collection,
}

const orderListed: Shape = {
  "": `id status summary display_id custom_display_id total currency_code metadata ${dates}`,
}

const shippingOption: Shape = {
  "": option,
  calculated_price: "calculated_amount is_calculated_price_tax_inclusive",
  prices: `id amount currency_code min_quantity max_quantity price_set_id ${dates}`,
  type: "id label description code",
  provider: "id is_enabled",
  rules: "attribute operator value",
  service_zone: "id fulfillment_set_id fulfillment_set",
  "service_zone.fulfillment_set": "id type location",
  "service_zone.fulfillment_set.location": "id address",
}

const inside = (row: Json, path: string): Json =>
  path === ""
    ? row
    : path.split(".").reduce((level, step) => [level[step]].flat().find((item) => item != null) as Json, row)

/** The keys of a row, at every place of a shape, and those that the contract has there. */
const keysIn = (row: Json, shape: Shape) =>
  Object.fromEntries(Object.keys(shape).map((where) => [where, keysOf(inside(row, where))]))
const keysFor = (shape: Shape) =>
  Object.fromEntries(Object.entries(shape).map(([where, text]) => [where, words(text).toSorted()]))

/** A cart that has everything, on its way to be an order. */
async function fullCart() {
  const ada = await customer(shop)
  const body = { promo_codes: ["TEN", "SENT"], metadata: { a: 1 } }
  const sent = await ada.sentCart({ variant: shop.shirt.variants[0]?.id as string, quantity: 2, body })
  await ada.pay(sent.id)
  return { ada, id: sent.id }
}

describe("without fields", () => {
  it("carts answer those of the contract, whatever was done to them", async () => {
    const { ada, id } = await fullCart()
    const changed = (await ada.post(`/store/carts/${id}`, {})).body["cart"] as Row
    const read = (await ada.get(`/store/carts/${id}`)).body["cart"] as Row

    expect(keysIn(read, cart)).toEqual(keysFor(cart))
    expect(keysIn(changed, cart)).toEqual(keysFor(cart))
  })

  it("orders answer those of the contract, placed, read and listed", async () => {
    const { ada, id } = await fullCart()
    const placed = (await ada.complete(id)).body["order"] as Row
    const read = (await ada.get(`/store/orders/${placed.id}`)).body["order"] as Row
    const listed = rowsOf((await ada.get("/store/orders")).body, "orders")[0] as Row

    expect(keysIn(placed, order)).toEqual(keysFor(order))
    expect(keysIn(read, order)).toEqual(keysFor(order))
    expect(keysIn(listed, orderListed)).toEqual(keysFor(orderListed))
  })

  it("shipping options answer those of the contract, listed and calculated", async () => {
    const { ada, id } = await fullCart()
    const options = rowsOf((await ada.get(`/store/shipping-options?cart_id=${id}`)).body, "shipping_options")
    const asked = await ada.post(`/store/shipping-options/${shop.express}/calculate`, { cart_id: id })

    expect(keysIn(options.find(({ name }) => name === "Standard") as Row, shippingOption)).toEqual(
      keysFor(shippingOption),
    )
    const calculated = { "": option, calculated_price: shippingOption["calculated_price"] as string }
    expect(keysIn(asked.body["shipping_option"] as Row, calculated)).toEqual(keysFor(calculated))
  })

  it("payment collections and providers answer those of the contract", async () => {
    const { ada, id } = await fullCart()
    const { body } = await ada.post("/store/payment-collections", { cart_id: id })
    const { body: listed } = await ada.get(`/store/payment-providers?region_id=${shop.europe}`)

    const shape = { "": "id currency_code amount payment_sessions", payment_sessions: session }
    expect(keysIn(body["payment_collection"] as Row, shape)).toEqual(keysFor(shape))
    expect(rowsOf(listed, "payment_providers").map(keysOf)).toEqual([["id", "is_enabled"]])
  })
})

describe("the values of", () => {
  /** What the contract says of a field, by its name. */
  const kinds: readonly (readonly [name: RegExp, kind: string, is: (value: unknown) => boolean])[] = [
    [/^(is_|requires_|manage_|allow_)|_taxes$/, "true or false", (value) => typeof value === "boolean"],
    [/(total|amount|rate|quantity|unit_price)$/, "a number", (value) => value === null || typeof value === "number"],
    [/_at$/, "a date", (value) => value === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value))],
    [/^(custom_display_id|external_id|provider_id|mid_code)$/, "anything", () => true],
    [/^display_id$/, "a number", (value) => typeof value === "number"],
    [
      /(^|_)id$/,
      "an id",
      (value) =>
        value === null || /^[a-z_]+_[0-9A-HJKMNP-TV-Z]{26}$|^(manual_manual|carrier_test)$/.test(String(value)),
    ],
  ]
  const kindOf = (name: string, value: unknown): string | undefined => {
    const [, kind, is] = kinds.find(([pattern]) => pattern.test(name)) ?? []
    return is === undefined || is(value) ? undefined : kind
  }
  const faultsIn = (value: unknown, at = ""): string[] => {
    if (Array.isArray(value)) return value.flatMap((item) => faultsIn(item, at))
    if (typeof value !== "object" || value === null) return []
    return Object.entries(value).flatMap(([name, inner]) => {
      const fault = kindOf(name, inner)
      return [
        ...(fault === undefined ? [] : [`${at}${name} is ${JSON.stringify(inner)}, not ${fault}`]),
        ...faultsIn(inner, `${at}${name}.`),
      ]
    })
  }

  it("carts, options, collections and orders are numbers, dates and ids as the contract has them", async () => {
    const { ada, id } = await fullCart()
    const everything =
      "*items,*items.adjustments,*items.tax_lines,*shipping_methods,*shipping_methods.adjustments,*shipping_methods.tax_lines"
    const answers = [
      (await ada.get(`/store/carts/${id}?fields=${everything},%2Boriginal_subtotal`)).body,
      (await ada.get(`/store/shipping-options?cart_id=${id}`)).body,
      (await ada.post("/store/payment-collections?fields=*payment_sessions", { cart_id: id })).body,
    ]
    const { body: placed } = await ada.complete(id)
    answers.push(placed)
    const { id: orderId } = placed["order"] as Row
    answers.push(
      (await ada.get(`/store/orders/${orderId}?fields=*payment_collections.payments,*transactions,*fulfillments`)).body,
    )

    expect(answers.flatMap((answer) => faultsIn(answer))).toEqual([])
  })

  it("sums are the sums of the contract, to the cent", async () => {
    const { ada, id } = await fullCart()
    const fields = "*items,*shipping_methods"
    const shown = (await ada.get(`/store/carts/${id}?fields=${fields},%2Boriginal_subtotal`)).body["cart"] as Row
    const { body } = await ada.complete(id)

    for (const row of [shown, body["order"] as Row]) {
      const cents = (name: string, of: Json = row) => Math.round(Number(of[name]) * 100)
      const sum = (name: string, key: string) => rowsOf(row, key).reduce((total, line) => total + cents(name, line), 0)
      for (const [kind, key] of [
        ["item", "items"],
        ["shipping", "shipping_methods"],
      ] as const) {
        for (const name of ["total", "subtotal", "tax_total"])
          expect([kind, name, sum(name, key)]).toEqual([kind, name, cents(`${kind}_${name}`)])
        for (const name of ["total", "subtotal", "tax_total"])
          expect(sum(`original_${name}`, key)).toBe(cents(`original_${kind}_${name}`))
      }
      expect(cents("subtotal")).toBe(cents("item_subtotal") + cents("shipping_subtotal"))
      expect(cents("tax_total")).toBe(cents("item_tax_total") + cents("shipping_tax_total"))
      expect(cents("original_total")).toBe(cents("original_item_total") + cents("original_shipping_total"))
      expect(cents("total")).toBe(
        cents("subtotal") + cents("tax_total") - cents("discount_subtotal") - cents("credit_line_total"),
      )
      expect(cents("discount_total")).toBe(cents("discount_subtotal") + cents("discount_tax_total"))
      expect(cents("original_total") - cents("discount_total")).toBe(cents("total"))
    }
  })
})
