import { ApiKeyService } from "@marquetry/api-key"
import { apiKeySalesChannel } from "@marquetry/flows"
import { ShippingProfileService } from "@marquetry/fulfillment"
import { InventoryItemService } from "@marquetry/inventory"
import { Links } from "@marquetry/kernel"
import { CategoryService, CollectionService, TagService, TypeService } from "@marquetry/product"
import { SalesChannelService } from "@marquetry/sales-channel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { inShort, shirtsOf, type Product, type Shirts, type Variant } from "./shirts.ts"

let office: BackOffice
let sdk: Sdk
let shirts: Shirts
let channel: string
let profile: string
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  shirts = await shirtsOf(office)
  const { container } = office
  channel = (await container.resolve(SalesChannelService).create({ name: "Web" })).id
  profile = (await container.resolve(ShippingProfileService).create({ name: "Parcel", type: "default" })).id
})
afterAll(() => office.drop())

const path = "/admin/products"
const idsOf = async (query: string) => {
  const { status, body } = await office.get(`${path}?fields=id&${query}`)
  expect(status).toBe(200)
  return (body["products"] as { id: string }[]).map(({ id }) => id)
}

describe("products", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const product = await shirts.create({
      subtitle: "Of linen",
      sales_channels: [{ id: channel }],
      metadata: { floor: 2 },
    })
    const read = await shirts.retrieve(product.id)
    const { product: changed } = await sdk.admin.product.update(product.id, { status: "published", title: "Blouse" })
    const { products: found, count } = await sdk.admin.product.list({
      q: product.variants[0]?.sku as string,
      status: ["published"],
    })
    const deleted = await sdk.admin.product.delete(product.id)

    expect(product).toMatchObject({
      handle: product.title.toLowerCase().replace(" ", "-"),
      subtitle: "Of linen",
      status: "draft",
      is_giftcard: false,
      discountable: true,
      thumbnail: null,
      collection: null,
      type: null,
      tags: [],
      images: [],
      metadata: { floor: 2 },
      options: [{ title: "Size", values: [{ value: "S" }, { value: "M" }] }],
      sales_channels: [{ id: channel, name: "Web" }],
      variants: [
        {
          title: "S",
          sku: expect.stringMatching(/^SHIRT-\d+-S$/),
          manage_inventory: true,
          options: [{ value: "S" }],
          images: [],
        },
        { title: "M", sku: expect.stringMatching(/^SHIRT-\d+-M$/), manage_inventory: true, options: [{ value: "M" }] },
      ],
    })
    expect(read).toEqual(product)
    expect(changed).toEqual({ ...product, title: "Blouse", status: "published", updated_at: changed.updated_at })
    expect([found, count]).toEqual([[changed], 1])
    expect(deleted).toEqual({ id: product.id, object: "product", deleted: true })
    await expect(sdk.admin.product.retrieve(product.id)).rejects.toMatchObject({ status: 404 })
  })

  it("show what their variants cost, with the rules, and what else is asked for", async () => {
    const { id, variants } = await shirts.create({ shipping_profile_id: profile })
    const [small] = variants
    const items = office.container.resolve(InventoryItemService)
    const [item] = (await items.list({ filter: { sku: small?.sku as string } })).rows

    const fields = [
      "+shipping_profile.name",
      "*variants.inventory_items",
      "+variants.inventory_items.inventory.sku",
      "+variants.inventory_quantity",
    ].join(",")
    const shown = await shirts.retrieve(id, fields)

    expect(small?.prices).toMatchObject([
      {
        amount: 20,
        currency_code: "eur",
        min_quantity: null,
        max_quantity: null,
        rules_count: 0,
        price_list_id: null,
        variant_id: small?.id,
        rules: {},
        price_rules: [],
      },
      {
        amount: 18,
        variant_id: small?.id,
        rules: { region_id: shirts.region },
        rules_count: 1,
        price_rules: [{ attribute: "region_id", operator: "eq", value: shirts.region, priority: 0 }],
      },
    ])
    expect(shown).toMatchObject({
      shipping_profile: { name: "Parcel" },
      variants: [
        {
          inventory_quantity: 0,
          inventory_items: [{ inventory_item_id: item?.id, required_quantity: 1, inventory: { sku: small?.sku } }],
        },
        { inventory_quantity: 0 },
      ],
    })
    expect(shown.variants.map(({ prices }) => prices)).toEqual(variants.map(({ prices }) => prices))
  })

  it("do not show shoppers what they would cost others", async () => {
    const { id } = await shirts.create({ status: "published", sales_channels: [{ id: channel }] })
    const key = await office.container.resolve(ApiKeyService).create({ type: "publishable", title: "Storefront" })
    await office.container.resolve(Links).add(apiKeySalesChannel, [[key.id, channel]])

    const { status, body } = await office.get(`/store/products/${id}?fields=title,variants.title,*variants.prices`, {
      headers: { "x-publishable-api-key": key.token },
      token: null,
    })

    expect(status).toBe(200)
    const [variant] = (body["product"] as { variants: Json[] }).variants
    expect(variant).toEqual({ title: "S" })
  })

  it("are without a status where it is null, have one handle after the other, and no channel where none is said", async () => {
    const first = await shirts.create({ title: "Same", status: null })
    const second = await shirts.create({ title: "Same", sales_channels: [] })

    expect([first.handle, second.handle]).toEqual(["same", "same-2"])
    expect(first).toMatchObject({ status: "draft" })
    expect(second).toMatchObject({ sales_channels: [] })
  })

  it("have lists replaced by an update, and prices kept that are named by their ids", async () => {
    const product = await shirts.create({
      sales_channels: [{ id: channel }],
      images: [{ url: "/a.png" }, { url: "/b.png" }],
    })
    const [small, medium] = product.variants as [Variant, Variant]

    const { product: changed } = await sdk.admin.product.update(product.id, {
      images: [{ url: "/b.png" }],
      sales_channels: [],
      variants: [
        { id: small.id, prices: [{ id: small.prices[0]?.id as string, amount: 22 }] },
        { title: "New", options: { Size: "M" }, prices: [{ currency_code: "eur", amount: 5 }] },
      ],
    } as never)
    const after = changed as unknown as Product

    expect(after).toMatchObject({ images: [{ url: "/b.png" }], sales_channels: [] })
    expect(after.variants.map(({ id }) => id === medium.id)).toEqual([false, false])
    expect(inShort(after)).toEqual(["New 5 ", "S 22 "])
    expect(after.variants[0]?.prices[0]).toMatchObject({ id: small.prices[0]?.id, amount: 22 })
  })

  it("are refused with what is not there, and nothing is written", async () => {
    const { count } = await sdk.admin.product.list({ limit: 1 })
    const refusals: [Json, string, string][] = [
      [{ sales_channels: [{ id: "sc_0" }] }, "reference.unknown", "sc_0"],
      [{ shipping_profile_id: "sp_0" }, "reference.unknown", "sp_0"],
      [{ collection_id: "pcol_0" }, "product.reference_unknown", "pcol_0"],
      [{ type_id: "ptyp_0" }, "product.reference_unknown", "ptyp_0"],
      [{ categories: [{ id: "pcat_0" }] }, "product.reference_unknown", "pcat_0"],
      [{ tags: [{ id: "ptag_0" }] }, "product.reference_unknown", "ptag_0"],
      [{ variants: [{ options: { Size: "XL" }, prices: [] }] }, "product.option_value_unknown", "XL"],
      [
        {
          variants: [
            { options: { Size: "S" }, prices: [{ currency_code: "eur", amount: 1, rules: { region_id: "reg_0" } }] },
          ],
        },
        "reference.unknown",
        "reg_0",
      ],
      [
        { variants: [{ options: { Size: "S" }, prices: [], inventory_items: [{ inventory_item_id: "iitem_0" }] }] },
        "reference.unknown",
        "iitem_0",
      ],
    ]

    const answers = []
    for (const [more] of refusals) answers.push(await office.post(path, shirts.aShirt(more)))

    for (const [index, { status, body }] of answers.entries()) {
      expect([status, body["type"], body["code"]]).toEqual([400, "invalid_data", refusals[index]?.[1]])
      expect(body["message"]).toContain(refusals[index]?.[2])
    }
    expect((await sdk.admin.product.list({ limit: 1 })).count).toBe(count)
  })

  it.each([
    [{ title: "" }, "title"],
    [{ title: "A", handle: "No Handle" }, "handle"],
    [{ title: "A", status: "gone" }, "status"],
    [{ title: "A", variants: [{ prices: [{ currency_code: "eur", amount: -1 }] }] }, "variants.0.prices.0.amount"],
    [
      { title: "A", variants: [{ prices: [{ currency_code: "xxy", amount: 1 }] }] },
      "variants.0.prices.0.currency_code",
    ],
    [{ title: "A", images: [{ url: "javascript:alert(1)" }] }, "images.0.url"],
    [{ title: "A", salesChannels: [] }, "salesChannels"],
  ])("are refused when they are not well said: %j", async (body, where) => {
    const answer = await office.post(path, body)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code: "request.invalid" } })
    expect(answer.body["message"]).toContain(where)
  })

  it("share neither handle nor SKU", async () => {
    const product = await shirts.create({ handle: "only-once" })
    const sku = product.variants[0]?.sku

    const handle = await office.post(path, shirts.aShirt({ handle: "only-once" }))
    const taken = await office.post(path, shirts.aShirt({ variants: [{ options: { Size: "S" }, sku, prices: [] }] }))

    expect(handle).toMatchObject({ status: 400, body: { type: "invalid_data", code: "product.handle_taken" } })
    expect(taken).toMatchObject({ status: 400, body: { type: "invalid_data", code: "product.sku_taken" } })
  })
})

describe("lists of products", () => {
  it("are filtered by what products have and by where they are", async () => {
    const { container } = office
    const [shelf, kind, group, label] = await Promise.all([
      container.resolve(CategoryService).create({ name: "Shelf" }),
      container.resolve(TypeService).create({ value: "Kind" }),
      container.resolve(CollectionService).create({ title: "Group" }),
      container.resolve(TagService).create({ value: "label" }),
    ])
    const other = await container.resolve(SalesChannelService).create({ name: "Other" })
    const product = await shirts.create({
      title: "Findable",
      is_giftcard: true,
      external_id: "erp-7",
      type_id: kind.id,
      collection_id: group.id,
      categories: [{ id: shelf.id }],
      tags: [{ id: label.id }],
      sales_channels: [{ id: other.id }],
    })
    const { options, variants } = product as unknown as {
      options: { id: string; values: { id: string }[] }[]
    } & Product

    const queries = [
      `id=${product.id}`,
      "title=Findable",
      "handle=findable",
      "is_giftcard=true",
      "external_id=erp-7",
      `type_id=${kind.id}`,
      `collection_id=${group.id}`,
      `category_id=${shelf.id}`,
      `tag_id=${label.id}`,
      `sales_channel_id=${other.id}`,
      `option_id=${options[0]?.id}`,
      `option_value_id=${options[0]?.values[1]?.id}`,
      `variants[sku]=${variants[1]?.sku}`,
      `q=find&created_at[$gt]=2020-01-01`,
      `$and[0][type_id]=${kind.id}`,
    ]
    for (const query of queries) expect([query, await idsOf(query)]).toEqual([query, [product.id]])
    expect(await idsOf(`price_list_id=plist_0`)).toEqual([])
    expect(await idsOf(`type_id=${kind.id}&status=published`)).toEqual([])
  })

  it("take one statement more for the prices, however many products they have", async () => {
    await shirts.create()
    const of = async (query: string) => (await office.statements(() => office.get(`${path}?${query}`))).length

    expect([await of("limit=1"), await of("limit=50"), await of("fields=id")]).toEqual([4, 4, 3])
  })

  it("are in the order that is asked for", async () => {
    const titles = ["Order C", "Order A", "Order B"]
    for (const title of titles) await shirts.create({ title })

    const { products } = await sdk.admin.product.list({ q: "Order", order: "-title", limit: 2 })

    expect((products as unknown as Product[]).map(({ title }) => title)).toEqual(["Order C", "Order B"])
  })
})
