import { CustomerService } from "@marquetry/customer"
import { ReservationService } from "@marquetry/inventory"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Json } from "./back-office.ts"
import { openSellingOffice, type SellingOffice } from "./selling-office.ts"

let office: SellingOffice
beforeAll(async () => {
  office = await openSellingOffice()
})
afterAll(() => office.drop())

let count = 0
/** A name that nothing else has. */
const aName = (): string => `name-${(count += 1)}`

/** Makes a row. @returns its path, and its id. */
async function make(path: string, body: object) {
  const answer = await office.post(path, body)
  const [row] = Object.values(answer.body) as [Json & { id: string }]
  expect(answer).toMatchObject({ status: 200 })
  return { id: row.id, path: `${path}/${row.id}` }
}

/** A row whose version is looked at, and one that it names, as paths; and how that one is changed. */
interface Named {
  readonly row: string
  readonly other: string
  readonly change: object
  /** A change of the row itself; of what merchants note of it, unless said. */
  readonly own?: (seen: string) => object
}

const rename = () => ({ name: aName() })

const cases: Readonly<Record<string, () => Promise<Named>>> = {
  "an order, of the product that was bought": async () => {
    const { id, product } = await office.order()
    return { row: `/admin/orders/${id}`, other: `/admin/products/${product.id}`, change: { title: aName() } }
  },
  "an order, of the variant that was bought": async () => {
    const { id, product, variant } = await office.order()
    const other = `/admin/products/${product.id}/variants/${variant}`
    return { row: `/admin/orders/${id}`, other, change: { title: aName() } }
  },
  "a product, of its type": async () => {
    const type = await make("/admin/product-types", { value: aName() })
    const { path } = await make("/admin/products", { title: aName(), type_id: type.id, options: size })
    return { row: path, other: type.path, change: { value: aName() } }
  },
  "a product, of its collection": async () => {
    const collection = await make("/admin/collections", { title: aName() })
    const { path } = await make("/admin/products", { title: aName(), collection_id: collection.id, options: size })
    return { row: path, other: collection.path, change: { title: aName() } }
  },
  "a product, of its tags": async () => {
    const tag = await make("/admin/product-tags", { value: aName() })
    const { path } = await make("/admin/products", { title: aName(), tags: [{ id: tag.id }], options: size })
    return { row: path, other: tag.path, change: { value: aName() } }
  },
  "a product, of an option that it shares": async () => {
    const option = await make("/admin/product-options", { title: aName(), values: ["S"] })
    const { path } = await make("/admin/products", { title: aName(), options: [{ id: option.id }] })
    return { row: path, other: option.path, change: { title: aName() } }
  },
  "a product, of the channels that it is sold in": async () => {
    const channel = await make("/admin/sales-channels", rename())
    const body = { title: aName(), sales_channels: [{ id: channel.id }], options: size }
    return { row: (await make("/admin/products", body)).path, other: channel.path, change: rename() }
  },
  "a category, of the one that it is in": async () => {
    const parent = await make("/admin/product-categories", rename())
    const { path } = await make("/admin/product-categories", { ...rename(), parent_category_id: parent.id })
    return { row: path, other: parent.path, change: rename() }
  },
  "a category, of one in it": async () => {
    const parent = await make("/admin/product-categories", rename())
    const { path } = await make("/admin/product-categories", { ...rename(), parent_category_id: parent.id })
    return { row: parent.path, other: path, change: rename() }
  },
  "a key, of its channels": async () => {
    const channel = await make("/admin/sales-channels", rename())
    const key = await make("/admin/api-keys", { type: "publishable", title: aName() })
    await office.post(`${key.path}/sales-channels`, { add: [channel.id] })
    return { row: key.path, other: channel.path, change: rename(), own: (title) => ({ title }) }
  },
  "a customer, of their groups": async () => {
    const group = await make("/admin/customer-groups", rename())
    const { path } = await make("/admin/customers", { email: `${aName()}@example.com` })
    await office.post(`${path}/customer-groups`, { add: [group.id] })
    return { row: path, other: group.path, change: rename() }
  },
  "a promotion, of its campaign": async () => {
    const campaign = await make("/admin/campaigns", { ...rename(), campaign_identifier: aName() })
    const { path } = await make("/admin/promotions", {
      code: aName(),
      type: "standard",
      campaign_id: campaign.id,
      application_method: { type: "percentage", target_type: "order", value: 10 },
    })
    return { row: path, other: campaign.path, change: rename() }
  },
  "a shipping option, of its profile": async () => ({
    row: `/admin/shipping-options/${office.shop.shippingOption}`,
    other: `/admin/shipping-profiles/${office.shop.shippingProfile}`,
    change: rename(),
  }),
  "a shipping option, of its zone": async () => ({
    row: `/admin/shipping-options/${office.shop.shippingOption}`,
    other: `/admin/fulfillment-sets/${office.shop.fulfillmentSet}/service-zones/${office.shop.serviceZone}`,
    change: rename(),
  }),
  "a tax rate, of its region": async () => {
    const region = await make("/admin/tax-regions", { country_code: "at" })
    const { path } = await make("/admin/tax-rates", { tax_region_id: region.id, ...rename(), code: aName(), rate: 7 })
    return { row: path, other: region.path, change: { metadata: { seen: true } } }
  },
  "a tax region, of that of a province": async () => {
    const country = await make("/admin/tax-regions", { country_code: "us" })
    const body = { country_code: "us", province_code: "us-ca", parent_id: country.id }
    const { path } = await make("/admin/tax-regions", body)
    return { row: country.path, other: path, change: { metadata: { seen: true } } }
  },
  "a reservation, of its item": async () => {
    const item = await make("/admin/inventory-items", { sku: aName() })
    const at = { location_id: office.shop.location, stocked_quantity: 5 }
    await office.post(`${item.path}/location-levels`, at)
    const body = { inventory_item_id: item.id, location_id: office.shop.location, quantity: 1 }
    const { path } = await make("/admin/reservations", body)
    return { row: path, other: item.path, change: { title: aName() } }
  },
  "a return reason, of the one above it": async () => {
    const above = await make("/admin/return-reasons", { value: aName(), label: aName() })
    const { path } = await make("/admin/return-reasons", {
      value: aName(),
      label: aName(),
      parent_return_reason_id: above.id,
    })
    return { row: path, other: above.path, change: { label: aName() } }
  },
}

const size = [{ title: "Size", values: ["S"] }]

describe("the version of a row", () => {
  it.each(Object.keys(cases))("is not that of what it names: %s", async (title) => {
    const {
      row,
      other,
      change,
      own = (seen) => ({ metadata: { seen } }),
    } = await (cases[title] as () => Promise<Named>)()
    const seen = await office.get(row)
    const headers = { "if-match": seen.headers.get("etag") as string }

    const changed = await office.post(other, change)
    const answer = await office.post(row, own("first"), { headers })
    const late = await office.post(row, own("too late"), { headers })

    expect([changed.status, changed.text]).toEqual([200, changed.text])
    expect([answer.status, late.status]).toEqual([200, 412])
  })

  it("is another once what is shown of others is: an answer that is known is not spared then", async () => {
    const { id, product } = await office.order()
    const path = `/admin/orders/${id}`
    const headers = { "if-none-match": (await office.get(path)).headers.get("etag") as string }
    const known = await office.get(path, { headers })
    await office.post(`/admin/products/${product.id}`, { title: "Renamed" })

    const renamed = await office.get(path, { headers })

    expect([known.status, renamed.status]).toEqual([304, 200])
    expect(renamed.text).toContain("Renamed")
  })

  it("is that of its parts: an order's lines, payments and parcels", async () => {
    const { id, order } = await office.order()
    const path = `/admin/orders/${id}`
    const versions = new Set([(await office.get(path)).headers.get("etag")])
    const items = order.items.map((item) => ({ id: item.id, quantity: item["quantity"] }))

    const { body } = await office.post(`${path}/fulfillments`, { items, location_id: office.shop.location })
    versions.add((await office.get(path)).headers.get("etag"))
    const [parcel] = (body["order"] as typeof order).fulfillments
    await office.post(`${path}/fulfillments/${parcel?.id}/shipments`, { items, labels: [] })
    versions.add((await office.get(path)).headers.get("etag"))
    await office.post(`/admin/payments/${order.payment_collections[0]?.payments[0]?.id}/capture`)
    versions.add((await office.get(path)).headers.get("etag"))

    expect(versions.size).toBe(4)
  })

  it("is that of which rows it names: a channel that is added to a key", async () => {
    const channel = await make("/admin/sales-channels", rename())
    const key = await make("/admin/api-keys", { type: "publishable", title: aName() })
    const headers = { "if-match": (await office.get(key.path)).headers.get("etag") as string }

    await office.post(`${key.path}/sales-channels`, { add: [channel.id] })
    const late = await office.post(key.path, { title: aName() }, { headers })

    expect(late).toMatchObject({ status: 412, body: { code: "request.version_outdated" } })
  })

  it("of a reservation is not that of stock that others reserve", async () => {
    const item = await make("/admin/inventory-items", { sku: aName() })
    const at = { inventory_item_id: item.id, location_id: office.shop.location }
    await office.post(`${item.path}/location-levels`, { location_id: at.location_id, stocked_quantity: 5 })
    const { path } = await make("/admin/reservations", { ...at, quantity: 1 })
    const headers = { "if-match": (await office.get(path)).headers.get("etag") as string }
    await office.container
      .resolve(ReservationService)
      .create({ inventoryItemId: at.inventory_item_id, locationId: at.location_id, quantity: 1, createdBy: null })

    const answer = await office.post(path, { quantity: 2 }, { headers })

    expect(answer.status).toBe(200)
  })

  it("is that of its product: a variant's, an option's", async () => {
    const { path } = await make("/admin/products", {
      title: aName(),
      options: size,
      variants: [{ title: "S", options: { Size: "S" } }],
    })
    const { body, headers } = await office.get(path)
    const version = headers.get("etag") as string
    const { variants, options } = body["product"] as Record<string, { id: string }[]>
    const parts = [`${path}/variants/${variants?.[0]?.id}`, `${path}/options/${options?.[0]?.id}`] as const

    const seen = await Promise.all(parts.map((part) => office.get(part)))
    const known = await Promise.all(parts.map((part) => office.get(part, { headers: { "if-none-match": version } })))
    const changed = await office.post(parts[0], { title: "M" }, { headers: { "if-match": version } })
    const late = await office.delete(parts[0], { headers: { "if-match": version } })
    const again = await Promise.all(parts.map((part) => office.get(part, { headers: { "if-none-match": version } })))

    expect(seen.map((answer) => answer.headers.get("etag"))).toEqual([version, version])
    expect(known.map(({ status, text }) => [status, text])).toEqual([
      [304, ""],
      [304, ""],
    ])
    expect([changed.status, late.status]).toEqual([200, 412])
    expect(again.map((answer) => [answer.status, answer.headers.get("etag")])).toEqual([
      [200, changed.headers.get("etag")],
      [200, changed.headers.get("etag")],
    ])
  })

  it("is that of the order in its preview, which is another once its open change is", async () => {
    const { id } = await office.order()
    const path = `/admin/orders/${id}`
    const { id: customer } = await office.container
      .resolve(CustomerService)
      .create({ email: `${aName()}@example.com`, hasAccount: true })
    const alone = await office.get(`${path}/preview`)
    const known = await office.get(`${path}/preview`, {
      headers: { "if-none-match": alone.headers.get("etag") as string },
    })
    const requested = await office.post(`${path}/transfer`, { customer_id: customer })
    const open = await office.get(`${path}/preview`)
    const version = open.headers.get("etag") as string
    const again = await office.get(`${path}/preview`, {
      headers: { "if-none-match": alone.headers.get("etag") as string },
    })
    const changed = await office.post(path, { metadata: { seen: true } }, { headers: { "if-match": version } })
    const late = await office.post(path, { metadata: { seen: false } }, { headers: { "if-match": version } })

    expect([alone.status, known.status, known.text]).toEqual([200, 304, ""])
    expect([requested.status, open.status, again.status]).toEqual([200, 200, 200])
    expect([changed.status, late.status]).toEqual([200, 412])
  })

  it("is one of what is in no table, too: a policy", async () => {
    const path = "/admin/rbac/policies/product:read"
    const seen = await office.get(path)
    const known = await office.get(path, { headers: { "if-none-match": seen.headers.get("etag") as string } })

    expect([seen.status, known.status, known.text]).toEqual([200, 304, ""])
  })

  it("is heeded by batches of one row's parts, and none is passed over by batches of rows", async () => {
    const product = await make("/admin/products", { title: aName(), options: size })
    const headers = { "if-match": (await office.get(product.path)).headers.get("etag") as string }
    const variant = { title: "S", options: { Size: "S" } }
    const rows = { create: [{ title: "Never", options: size }], update: [{ id: product.id, title: "Never" }] }

    const first = await office.post(`${product.path}/variants/batch`, { create: [variant] }, { headers })
    const late = await office.post(`${product.path}/variants/batch`, { create: [variant] }, { headers })
    const refused = await office.post("/admin/products/batch", rows, { headers })

    expect([first.status, late.status]).toEqual([200, 412])
    expect(refused).toMatchObject({ status: 400, body: { code: "request.condition_unsupported" } })
    expect((await office.get("/admin/products?title=Never")).body["count"]).toBe(0)
  })
})
