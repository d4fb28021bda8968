import { CustomerService } from "@marquetry/customer"
import { openApiOf, type Route } from "@marquetry/http"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { adminApi } from "../../src/index.ts"
import { openSellingOffice, type SellingOffice } from "./selling-office.ts"

const routes = (adminApi().routes ?? []).filter(({ method }) => method === "GET")
const lists = routes.filter(({ path }) => !path.includes(":")).map((route) => ({ ...route, name: route.path }))
const below = routes
  .filter(({ path }) => /^[^:]+\/:id(\/[a-z-]+)*$/.test(path))
  .map((route) => ({ ...route, name: route.path }))

/** What takes no more than this to be made. */
const simple: readonly (readonly [path: string, body: object])[] = [
  ["/admin/campaigns", { name: "Summer", campaign_identifier: "summer", budget: { type: "usage", limit: 8 } }],
  ["/admin/collections", { title: "Summer", metadata: { floor: 1 } }],
  ["/admin/customer-groups", { name: "Wholesale" }],
  ["/admin/invites", { email: "colleague@example.com" }],
  ["/admin/price-preferences", { attribute: "currency_code", value: "eur", is_tax_inclusive: true }],
  ["/admin/product-categories", { name: "Shirts" }],
  ["/admin/product-options", { title: "Colour", values: ["Red"] }],
  ["/admin/product-tags", { value: "new" }],
  ["/admin/product-types", { value: "clothes" }],
  ["/admin/rbac/roles", { name: "Editor", permissions: ["product:*"] }],
  ["/admin/refund-reasons", { label: "Broken", code: "broken" }],
  ["/admin/return-reasons", { label: "Too small", value: "small" }],
]

let office: SellingOffice
let ids: ReadonlyMap<string, string>
beforeAll(async () => {
  office = await openSellingOffice()
  ids = await furnish()
})
afterAll(() => office.drop())

/** Makes something of what can be read. @returns ids of rows, by the paths of their lists. */
async function furnish(): Promise<Map<string, string>> {
  const { id: order } = await office.order()
  const { id: buyer } = await office.container
    .resolve(CustomerService)
    .create({ email: "buyer@example.com", hasAccount: true })
  await done("/admin/products", { title: "Trousers", options: [{ title: "Size", values: ["S"] }] })
  await done(`/admin/orders/${order}/transfer`, { customer_id: buyer })
  await done("/admin/promotions", {
    code: "SUMMER",
    type: "standard",
    rules: [{ attribute: "region.id", operator: "in", values: [office.shop.europe] }],
    application_method: {
      type: "percentage",
      target_type: "items",
      allocation: "each",
      max_quantity: 1,
      value: 10,
      target_rules: [{ attribute: "items.product.id", operator: "eq", values: [office.shop.shirt.id] }],
    },
  })
  for (const [path, body] of simple) await done(path, body)
  const prices = [{ variant_id: office.shop.shirt.variants[0]?.id, currency_code: "eur", amount: 15 }]
  await done("/admin/price-lists", { title: "Sale", description: "Of summer", rules: { anything: ["a"] }, prices })
  await office.post("/admin/products/export")
  const found = new Map([["/admin/uploads", await upload()]])
  for (const { path } of lists) {
    const { body } = await office.get(path)
    const [rows] = Object.values(body)
    const [row] = Array.isArray(rows) ? (rows as { id?: string; code?: string }[]) : []
    const id = row?.id ?? row?.code
    if (id !== undefined) found.set(path, id)
  }
  return found
}

async function upload(): Promise<string> {
  const body = new FormData()
  body.append("files", new File(["x"], "x.txt"))
  const headers = { authorization: `Bearer ${office.token}` }
  const answer = await fetch(`${office.address}/admin/uploads`, { method: "POST", headers, body })
  const { files } = (await answer.json()) as { files: [{ id: string }] }
  return files[0].id
}

async function done(path: string, body: object): Promise<void> {
  const { status, text } = await office.post(path, body)
  expect([path, status, text]).toEqual([path, 200, text])
}

interface Documented {
  readonly responses: Readonly<
    Record<string, { content: Record<string, { schema: Parameters<typeof z.fromJSONSchema>[0] }> }>
  >
}

/** What of an answer the documentation of its route does not allow. */
async function faultsOf(route: Route, path: string): Promise<string[]> {
  const { paths } = openApiOf({ composition: office.composition, routes: [route] })
  const documented = Object.values(paths)[0]?.["get"] as Documented | undefined
  const schema = z.fromJSONSchema(documented?.responses["200"]?.content["application/json"]?.schema ?? false)
  const answer = await office.get(path)
  expect([path, answer.status]).toEqual([path, 200])
  return (schema.safeParse(answer.body).error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`)
}

describe("answers are as they are documented", () => {
  it.each(lists)("GET $name", async (route) => {
    expect(await faultsOf(route, route.path)).toEqual([])
  })

  it.each(below)("GET $name", async (route) => {
    const [root = ""] = route.path.split("/:id")
    const id = ids.get(root) ?? "none_01"

    expect(await faultsOf(route, route.path.replace(":id", id))).toEqual([])
  })

  it("down to what an order's preview says of its change", async () => {
    const { body } = await office.get(`/admin/orders/${ids.get("/admin/orders")}/preview`)

    expect(body["order"]).toMatchObject({ order_change: { change_type: "transfer" } })
  })
})
