import { InventoryItemService, InventoryLevelService } from "@marquetry/inventory"
import { OptionService } from "@marquetry/product"
import { StockLocationService } from "@marquetry/stock-location"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { inShort, shirtsOf, type Product, type Shirts, type Variant } from "./shirts.ts"

let office: BackOffice
let sdk: Sdk
let shirts: Shirts
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  shirts = await shirtsOf(office)
})
afterAll(() => office.drop())

const path = "/admin/products"
const euros = (amount: number) => ({ currency_code: "eur", amount })
const namesOf = (rows: readonly object[], field = "title") => rows.map((row) => String((row as Json)[field]))
/** A shirt, and its variants. */
const aShirt = async (more: Json = {}) => {
  const product = await shirts.create({ options: [{ title: "Size", values: ["S", "M", "L", "XL"] }], ...more })
  const [small, medium] = product.variants as [Variant, Variant]
  return { product, id: product.id, small, medium }
}
const variantOf = async (id: string, variantId: string, fields = "") => {
  const { body } = await office.get(`${path}/${id}/variants/${variantId}?fields=${encodeURIComponent(fields)}`)
  return body["variant"] as Variant & Json
}

describe("variants of a product", () => {
  it("are added, read, changed, listed and deleted by the official client", async () => {
    const { id, small, medium } = await aShirt()

    const added = await sdk.admin.product.createVariant(id, {
      title: "Large",
      options: { Size: "L" },
      sku: `LARGE-${id}`,
      prices: [euros(30), { ...euros(29), min_quantity: 10 }],
    } as never)
    const large = (added.product.variants as unknown as Variant[]).at(-1) as Variant
    const changed = await sdk.admin.product.updateVariant(id, large.id, {
      id: large.id,
      allow_backorder: true,
      prices: [{ id: large.prices[0]?.id as string, amount: 31 }],
    } as never)
    const { variant: read } = await sdk.admin.product.retrieveVariant(id, large.id)
    const { variants: found, count } = await sdk.admin.product.listVariants(id, { q: "large" })
    const deleted = await sdk.admin.product.deleteVariant(id, medium.id)

    expect(large).toMatchObject({
      title: "Large",
      variant_rank: 2,
      options: [{ value: "L" }],
      prices: [
        { amount: 30, min_quantity: null },
        { amount: 29, min_quantity: 10 },
      ],
    })
    expect(inShort(changed.product as unknown as Product)).toContain("Large 31 ")
    expect(read).toMatchObject({
      id: large.id,
      product_id: id,
      allow_backorder: true,
      options: [{ value: "L" }],
      prices: [{ id: large.prices[0]?.id, amount: 31, price_rules: [], rules: {} }],
    })
    expect([found, count]).toEqual([[read], 1])
    expect(deleted).toMatchObject({ id: medium.id, object: "variant", deleted: true, parent: { id } })
    expect((deleted.parent as unknown as Product).variants.map((variant) => variant.id)).toEqual([small.id, large.id])
    const entries = await office.audit(id)
    expect(entries.map(({ action }) => action)).toEqual(["created", "variant_added", "updated", "updated"])
    expect(entries[2]?.changes).toMatchObject({ [`variants.${large.id}.allow_backorder`]: { from: false, to: true } })
  })

  it("are found below their product only, and among all", async () => {
    const [one, other] = [await aShirt(), await aShirt()]

    const { variants, count } = await sdk.admin.productVariant.list({ sku: one.small.sku as string })
    const elsewhere = [
      await office.get(`${path}/${other.id}/variants/${one.small.id}`),
      await office.post(`${path}/${other.id}/variants/${one.small.id}`, { title: "Mine" }),
      await office.delete(`${path}/${other.id}/variants/${one.small.id}`),
      await office.post(`${path}/${other.id}/variants/batch`, { delete: [one.small.id] }),
    ]
    const listed = await office.get(`${path}/${other.id}/variants?id=${one.small.id}`)

    expect([namesOf(variants, "id"), count]).toEqual([[one.small.id], 1])
    expect(elsewhere.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(listed.body["count"]).toBe(0)
    expect(await variantOf(one.id, one.small.id)).toMatchObject({ title: "S" })
  })

  it.each([
    ["manage_inventory=false", 1],
    ["allow_backorder=true", 1],
    ["ean=4006381333931", 1],
    ["barcode=none", 0],
    ["created_at[$gt]=2020-01-01&order=-variant_rank&limit=1", 2],
  ])("are filtered: %s", async (query, count) => {
    const { id, small } = await aShirt()
    const ean = { ean: "4006381333931" }
    await office.post(`${path}/${id}/variants/${small.id}`, { manage_inventory: false, allow_backorder: true, ...ean })

    const { body } = await office.get(`${path}/${id}/variants?${query}`)
    await office.delete(`${path}/${id}`)

    expect(body["count"]).toBe(count)
  })

  it("are refused with what another has, or what the product does not offer", async () => {
    const { id, small } = await aShirt()
    const add = (body: Json) => office.post(`${path}/${id}/variants`, { prices: [], ...body })

    const answers = [
      await add({ options: { Size: "L" }, sku: small.sku }),
      await add({ options: { Size: "S" } }),
      await add({ options: { Size: "XXL" } }),
      await add({}),
      await add({ options: { Size: "L" }, prices: [euros(1), euros(2)] }),
      await add({ options: { Size: "L" }, prices: [{ ...euros(1), min_quantity: 5, max_quantity: 2 }] }),
    ]

    expect(answers.map(({ status, body }) => [status, body["type"]])).toEqual([
      [400, "invalid_data"],
      [422, "duplicate_error"],
      [400, "invalid_data"],
      [400, "invalid_data"],
      [422, "duplicate_error"],
      [400, "invalid_data"],
    ])
    expect((await shirts.retrieve(id)).variants).toHaveLength(2)
  })

  it("are changed in batches, all or none, in as many statements for many as for one", async () => {
    const { id, small, medium } = await aShirt()
    const sizes = ["L", "XL"].map((Size) => ({ options: { Size }, prices: [euros(25)] }))

    const batch = { create: sizes, update: [{ id: small.id, title: "Tiny", prices: [euros(9)] }], delete: [medium.id] }
    const refused = await office.post(`${path}/${id}/variants/batch`, { ...batch, create: [...sizes, ...sizes] })
    const before = await shirts.retrieve(id)
    const done = await sdk.admin.product.batchVariants(id, batch as never)
    const { created, updated, deleted } = done as unknown as { created: Variant[]; updated: Variant[]; deleted: Json }
    const tiny = await variantOf(id, small.id)
    const prices = (amount: number) => ({ prices: [euros(amount)] })
    const update = [small, ...created].map((variant, index) => ({ id: variant.id, ...prices(40 + index) }))
    const few = await office.statements(() => office.post(`${path}/${id}/variants/batch`, { update: [update[0]] }))
    const many = await office.statements(() => office.post(`${path}/${id}/variants/batch`, { update }))

    expect(refused).toMatchObject({ status: 422, body: { code: "invalid_request_error" } })
    expect(before.variants.map(({ title }) => title)).toEqual(["S", "M"])
    expect(created.map(({ title, prices: [price] }) => [title, price?.amount])).toEqual([
      ["L", 25],
      ["XL", 25],
    ])
    expect(updated).toEqual([tiny])
    expect(tiny).toMatchObject({ title: "Tiny", prices: [{ amount: 9 }] })
    expect(deleted).toEqual({ ids: [medium.id], object: "variant", deleted: true })
    expect(many.length).toBe(few.length)
    expect(inShort(await shirts.retrieve(id))).toEqual(["L 41 ", "Tiny 40 ", "XL 42 "])
    expect((await office.audit(small.id)).map(({ action }) => action)).toEqual(["updated", "updated", "updated"])
  })

  it("keep their choices and SKUs apart when many are added at once", async () => {
    const { id } = await aShirt()
    const sizes = ["L", "XL", "L", "XL", "L", "XL"]

    const answers = await Promise.all(
      sizes.map((Size) => office.post(`${path}/${id}/variants`, { options: { Size }, prices: [euros(1)] })),
    )

    expect(statusesOf(answers)).toEqual([200, 200, 422, 422, 422, 422])
    expect((await shirts.retrieve(id)).variants.map(({ title }) => title).toSorted()).toEqual(["L", "M", "S", "XL"])
  })

  it("are changed by one of two who have seen the same product", async () => {
    const { id, small, medium } = await aShirt()
    const headers = { "if-match": (await office.get(`${path}/${id}`)).headers.get("etag") as string }

    const answers = await Promise.all(
      [small, medium].map((variant) =>
        office.post(`${path}/${id}/variants/${variant.id}`, { title: "Won" }, { headers }),
      ),
    )

    expect(statusesOf(answers)).toEqual([200, 412])
    const { variants } = await shirts.retrieve(id)
    expect(variants.filter(({ title }) => title === "Won")).toHaveLength(1)
  })
})

describe("what variants are made of", () => {
  const makeItem = async (sku: string) => (await office.container.resolve(InventoryItemService).create({ sku })).id
  const made = "*inventory_items,inventory_quantity"

  it("is said one by one, and in batches, and decides how many are left at all locations", async () => {
    const { id, small, medium } = await aShirt({ title: "Kit" })
    const [box, lid] = [await makeItem("BOX"), await makeItem("LID")]
    const levels = office.container.resolve(InventoryLevelService)
    for (const name of ["North", "South"]) {
      const { id: locationId } = await office.container.resolve(StockLocationService).create({ name })
      await levels.setMany([{ inventoryItemId: box, locationId, stockedQuantity: 9 }])
    }
    const own = (await variantOf(id, small.id, made))["inventory_items"] as { inventory_item_id: string }[]
    const items = `${path}/${id}/variants/${small.id}/inventory-items`

    const refused = await office.post(items, { inventory_item_id: "iitem_0", required_quantity: 1 })
    const added = await office.post(`${items}?fields=${encodeURIComponent(made)}`, {
      inventory_item_id: box,
      required_quantity: 2,
    })
    const changed = await office.post(`${items}/${box}?fields=${encodeURIComponent(made)}`, { required_quantity: 4 })
    const nothing = await office.post(`${items}/${box}`, {})
    const missing = await office.post(`${items}/${lid}`, { required_quantity: 4 })
    const removed = await office.delete(`${items}/${own[0]?.inventory_item_id}?fields=${encodeURIComponent(made)}`)
    const key = (variant: Variant, item: string) => ({ variant_id: variant.id, inventory_item_id: item })
    const batch = (await sdk.admin.product.batchVariantInventoryItems(id, {
      create: [
        { ...key(medium, box), required_quantity: 3 },
        { ...key(medium, lid), required_quantity: 1 },
      ],
      update: [{ ...key(small, box), required_quantity: 5 }],
      delete: [key(small, lid)],
    })) as unknown as { created: Json[]; updated: Json[]; deleted: Json }

    expect(refused).toMatchObject({ status: 400, body: { code: "reference.unknown" } })
    expect((added.body["variant"] as Json)["inventory_items"]).toMatchObject([
      { inventory_item_id: own[0]?.inventory_item_id, required_quantity: 1 },
      { inventory_item_id: box, required_quantity: 2 },
    ])
    expect(changed.body["variant"]).toMatchObject({
      inventory_quantity: 0,
      inventory_items: [{}, { required_quantity: 4 }],
    })
    expect([nothing.status, missing.status]).toEqual([400, 404])
    expect(removed.body).toMatchObject({
      id: own[0]?.inventory_item_id,
      object: "variant-inventory-item-link",
      deleted: true,
      parent: { id: small.id, inventory_quantity: 4, inventory_items: [{ inventory_item_id: box }] },
    })
    expect(batch).toEqual({
      created: [
        expect.objectContaining({ ...key(medium, box), required_quantity: 3 }),
        expect.objectContaining({ ...key(medium, lid), required_quantity: 1 }),
      ],
      updated: [expect.objectContaining({ ...key(small, box), required_quantity: 5 })],
      deleted: { ids: [], object: "variant-inventory-item-link", deleted: true },
    })
    expect(await variantOf(id, small.id, made)).toMatchObject({ inventory_quantity: 3 })
    const entries = await office.audit(id)
    expect(entries.map(({ action }) => action).slice(1)).toEqual(Array(4).fill("inventory_items_changed"))
    expect(Object.keys(entries.at(-1)?.changes ?? {})).toContainEqual(
      expect.stringMatching(/inventory_items.*required_quantity$/),
    )
  })

  it("is of one of those who say it at once, and of variants of the product only", async () => {
    const [one, other] = [await aShirt(), await aShirt()]
    const item = await makeItem("PART")
    const batch = `${path}/${one.id}/variants/inventory-items/batch`
    const key = { variant_id: one.small.id, inventory_item_id: item }

    const answers = await Promise.all(
      [1, 2, 3, 4].map((required_quantity) => office.post(batch, { create: [{ ...key, required_quantity }] })),
    )
    const foreign = await office.post(batch, { create: [{ ...key, variant_id: other.small.id }] })

    expect(statusesOf(answers)).toEqual([200, 200, 200, 200])
    expect(foreign.status).toBe(404)
    const { inventory_items: items } = await variantOf(one.id, one.small.id, "*inventory_items")
    expect((items as Json[]).filter(({ inventory_item_id }) => inventory_item_id === item)).toHaveLength(1)
  })
})

describe("options of a product", () => {
  it("are listed, given, changed and taken away by the official client", async () => {
    const { id } = await aShirt()
    const shared = await office.container.resolve(OptionService).create({ title: "Fit", values: ["Slim", "Wide"] })
    const { product_options: before } = await sdk.admin.product.listOptions(id)
    const [size] = before as unknown as { id: string; values: { id: string; value: string }[] }[]
    const large = size?.values.find(({ value }) => value === "L")?.id as string

    const { product } = await sdk.admin.product.linkOptions(id, {
      add: [shared.id, { title: "Color", values: ["Blue", "Red"] }],
      update: [{ product_option_id: size?.id as string, add: [{ value: "XXL" }], remove: [large] }],
    } as never)
    const given = product as unknown as { options: { title: string; values: { value: string }[] }[] } & Product
    const { product: after } = await sdk.admin.product.linkOptions(id, { remove: [shared.id] })
    const { product_options: found, count } = await sdk.admin.product.listOptions(id, { title: "Color" })

    expect(namesOf(before)).toEqual(["Size"])
    expect(given.options.map(({ title }) => title).toSorted()).toEqual(["Color", "Fit", "Size"])
    expect(given.options.find(({ title }) => title === "Size")?.values.map(({ value }) => value)).toEqual([
      "S",
      "M",
      "XL",
      "XXL",
    ])
    expect(namesOf(after.options ?? []).toSorted()).toEqual(["Color", "Size"])
    expect([namesOf(found), count]).toEqual([["Color"], 1])
    expect((await office.audit(id)).at(-1)).toMatchObject({ action: "options_changed" })
  })

  it("are refused where there is none such, and stay while variants are a choice of them", async () => {
    const { id } = await aShirt()
    const { product_options: options } = await sdk.admin.product.listOptions(id)
    const change = (body: Json) => office.post(`${path}/${id}/options/batch`, body)

    const unknown = await change({ add: ["opt_0"] })
    const used = await change({
      update: [{ product_option_id: options[0]?.id, remove: [options[0]?.values?.[0]?.id] }],
    })
    const twice = await change({ add: [{ title: "Size", values: ["1"] }] })

    expect(unknown).toMatchObject({ status: 400, body: { code: "product.reference_unknown" } })
    expect(used).toMatchObject({ status: 400, body: { type: "not_allowed", code: "product.option_in_use" } })
    expect(twice).toMatchObject({ status: 422, body: { type: "duplicate_error" } })
  })
})

describe("images of a product", () => {
  it("show the variants that are said, from either side", async () => {
    const { product, id, small, medium } = await aShirt({ images: [{ url: "/front.png" }, { url: "/back.png" }] })
    const [front, back] = (product as unknown as { images: { id: string }[] }).images.map((image) => image.id) as [
      string,
      string,
    ]

    const ofVariant = await sdk.admin.product.batchVariantImages(id, small.id, { add: [front, back], remove: [] })
    const ofImage = await sdk.admin.product.batchImageVariants(id, front, { add: [medium.id], remove: [small.id] })
    const { variants } = await shirts.retrieve(id)
    const foreign = await aShirt()
    const refusals = [
      await office.post(`${path}/${id}/variants/${small.id}/images/batch`, { add: ["img_0"] }),
      await office.post(`${path}/${id}/images/${front}/variants/batch`, { add: [foreign.small.id] }),
      await office.post(`${path}/${foreign.id}/images/${front}/variants/batch`, { add: [foreign.small.id] }),
    ]

    expect(ofVariant).toEqual({ added: [front, back], removed: [] })
    expect(ofImage).toEqual({ added: [medium.id], removed: [small.id] })
    const shown = (variants as unknown as { images: { id: string }[] }[]).map(({ images }) =>
      images.map((image) => image.id),
    )
    expect(shown).toEqual([[back], [front]])
    expect(refusals.map(({ status }) => status)).toEqual([400, 404, 400])
    expect((await office.audit(id)).map(({ action }) => action).slice(1)).toEqual([
      "images_assigned",
      "images_assigned",
    ])
  })
})
