import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let document: { paths: Record<string, Record<string, Json>>; components: Json }
beforeAll(async () => {
  shop = await openShop()
  document = (await shop.raw("GET", "/openapi.json", {})).body as typeof document
})
afterAll(() => shop.drop())

/** Every route of carts, shipping, payment, orders and returns of the contract, but for returns themselves. */
const routes = [
  "POST /store/carts",
  "GET /store/carts/{id}",
  "POST /store/carts/{id}",
  "POST /store/carts/{id}/complete",
  "POST /store/carts/{id}/customer",
  "POST /store/carts/{id}/line-items",
  "POST /store/carts/{id}/line-items/{line_id}",
  "DELETE /store/carts/{id}/line-items/{line_id}",
  "POST /store/carts/{id}/promotions",
  "DELETE /store/carts/{id}/promotions",
  "POST /store/carts/{id}/shipping-methods",
  "POST /store/carts/{id}/taxes",
  "GET /store/shipping-options",
  "POST /store/shipping-options/{id}/calculate",
  "POST /store/payment-collections",
  "POST /store/payment-collections/{id}/payment-sessions",
  "GET /store/payment-providers",
  "GET /store/orders",
  "GET /store/orders/{id}",
  "POST /store/orders/{id}/transfer/accept",
  "POST /store/orders/{id}/transfer/cancel",
  "POST /store/orders/{id}/transfer/decline",
  "POST /store/orders/{id}/transfer/request",
  "GET /store/return-reasons",
  "GET /store/return-reasons/{id}",
]
const operationOf = (route: string): Json => {
  const [method = "", path = ""] = route.split(" ")
  return document.paths[path]?.[method.toLowerCase()] ?? {}
}
const namesIn = (operation: Json, place: string) =>
  ((operation["parameters"] ?? []) as Json[]).filter((row) => row["in"] === place).map((row) => row["name"])
const schemaOf = (part: unknown) =>
  ((part as Json | undefined)?.["content"] as Record<string, { schema: Json }> | undefined)?.["application/json"]
    ?.schema

describe("the documentation", () => {
  it.each(routes)("has %s", (route) => {
    const operation = operationOf(route)
    const [method, path = ""] = route.split(" ")

    expect(operation["summary"]).toMatch(/^[A-Z].{5,}/)
    expect(namesIn(operation, "path")).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
    expect(namesIn(operation, "query")).toContain("fields")
    expect(namesIn(operation, "header").includes("Idempotency-Key")).toBe(method !== "GET")
    const answered = Object.keys(schemaOf((operation["responses"] as Json)["200"]) ?? {})
    expect(answered).toContain(path.endsWith("complete") ? "anyOf" : "properties")
    expect(operation["security"]).not.toEqual([])
  })

  it.each([
    [
      "POST /store/carts",
      [
        "additional_data",
        "billing_address",
        "currency_code",
        "email",
        "items",
        "locale",
        "metadata",
        "promo_codes",
        "region_id",
        "sales_channel_id",
        "shipping_address",
      ],
    ],
    [
      "POST /store/carts/{id}",
      [
        "additional_data",
        "billing_address",
        "email",
        "locale",
        "metadata",
        "promo_codes",
        "region_id",
        "sales_channel_id",
        "shipping_address",
      ],
    ],
    ["POST /store/carts/{id}/line-items", ["metadata", "quantity", "variant_id"]],
    ["POST /store/carts/{id}/line-items/{line_id}", ["metadata", "quantity"]],
    ["POST /store/carts/{id}/promotions", ["promo_codes"]],
    ["DELETE /store/carts/{id}/promotions", ["promo_codes"]],
    ["POST /store/carts/{id}/taxes", ["fields"]],
    ["POST /store/carts/{id}/complete", []],
    ["POST /store/payment-collections", ["cart_id"]],
    ["POST /store/payment-collections/{id}/payment-sessions", ["data", "provider_id"]],
    ["POST /store/shipping-options/{id}/calculate", ["cart_id", "data"]],
    ["POST /store/orders/{id}/transfer/accept", ["token"]],
    ["POST /store/orders/{id}/transfer/request", ["description", "update_order_email"]],
  ])("names what the body of %s takes", (route, names) => {
    const schema = schemaOf(operationOf(route)["requestBody"])

    expect(Object.keys((schema?.["properties"] ?? {}) as Json).toSorted()).toEqual(names)
  })

  it("names what answers hold", () => {
    const properties = (schema: unknown) => ((schema as Json | undefined)?.["properties"] ?? {}) as Record<string, Json>
    const cart = properties(
      properties(schemaOf((operationOf("GET /store/carts/{id}")["responses"] as Json)["200"]))["cart"],
    )
    const orders = properties(schemaOf((operationOf("GET /store/orders")["responses"] as Json)["200"]))

    expect(Object.keys(cart)).toEqual(expect.arrayContaining(["id", "total", "items", "region", "shipping_methods"]))
    expect(Object.keys(orders).toSorted()).toEqual(["count", "limit", "offset", "orders"])
  })

  it("says who is asked for a login", () => {
    const asks = (route: string) =>
      !(operationOf(route)["security"] as Json[]).some((set) => Object.keys(set).length === 1)

    expect(routes.filter(asks)).toEqual([
      "POST /store/carts/{id}/customer",
      "GET /store/orders",
      "POST /store/orders/{id}/transfer/cancel",
      "POST /store/orders/{id}/transfer/request",
    ])
  })
})
