import { ProductService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

const path = "/admin/product-categories"
const make = async (name: string, more: Json = {}) => {
  const { product_category: made } = await sdk.admin.productCategory.create({ name, ...more })
  return made
}
/** Names of the categories below one, in their order. */
const below = async (parent: string) => {
  const { product_categories: found } = await sdk.admin.productCategory.list({
    parent_category_id: parent,
    order: "rank",
  })
  return (found as { name: string; rank: number }[]).map(({ name, rank }) => `${rank} ${name}`)
}

describe("product categories", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const made = await make("Hats", { description: "For heads", is_internal: true, metadata: { floor: 1 } })
    const { product_category: changed } = await sdk.admin.productCategory.update(made.id, {
      name: "Caps",
      is_active: true,
      external_id: "erp-1",
    })
    const { product_category: read } = await sdk.admin.productCategory.retrieve(made.id)
    const { product_categories: found, count } = await sdk.admin.productCategory.list({
      q: "heads",
      is_active: true,
      is_internal: true,
    })
    const deleted = await sdk.admin.productCategory.delete(made.id)

    expect(made).toMatchObject({
      handle: "hats",
      is_active: false,
      rank: 0,
      parent_category: null,
      metadata: { floor: 1 },
    })
    expect(Object.keys(made)).toEqual(
      expect.arrayContaining(["parent_category_id", "category_children", "external_id"]),
    )
    expect(changed).toEqual(read)
    expect(read).toEqual({ ...made, name: "Caps", is_active: true, external_id: "erp-1", updated_at: read.updated_at })
    expect([found, count]).toEqual([[read], 1])
    expect(deleted).toEqual({ id: made.id, object: "product_category", deleted: true })
    await expect(sdk.admin.productCategory.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it("stand in an order without gaps, wherever they are put", async () => {
    const parent = await make("Ordered")
    const [a, b, c] = [
      await make("A", { parent_category_id: parent.id }),
      await make("B", { parent_category_id: parent.id }),
      await make("C", { parent_category_id: parent.id, rank: 0 }),
    ]
    const made = await below(parent.id)

    await sdk.admin.productCategory.update(b.id, { rank: 0 })
    const moved = await below(parent.id)
    await sdk.admin.productCategory.update(c.id, { parent_category_id: a.id })
    await sdk.admin.productCategory.delete(b.id)

    expect(made).toEqual(["0 C", "1 A", "2 B"])
    expect(moved).toEqual(["0 B", "1 C", "2 A"])
    expect([await below(parent.id), await below(a.id)]).toEqual([["0 A"], ["0 C"]])
  })

  it("keep their order, and none is refused, when many are moved at once", async () => {
    const parent = await make("Raced")
    const names = ["A", "B", "C", "D"]
    const ids: string[] = []
    for (const name of names) ids.push((await make(name, { parent_category_id: parent.id })).id)

    const answers = await Promise.all(
      [...ids, ...ids].map((id, index) => office.post(`${path}/${id}`, { rank: index % 4 })),
    )

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const order = await below(parent.id)
    expect(order.map((one) => one.slice(0, 1))).toEqual(["0", "1", "2", "3"])
    expect(order.map((one) => one.slice(2)).toSorted()).toEqual(names)
  })

  it("show the way to the root and all that is below, however deep, in two more statements", async () => {
    const root = await make("Root")
    const branch = await make("Branch", { parent_category_id: root.id })
    const twig = await make("Twig", { parent_category_id: branch.id })
    await make("Leaf", { parent_category_id: twig.id })
    const trees = "include_ancestors_tree=true&include_descendants_tree=true"

    const { product_category: one } = await sdk.admin.productCategory.retrieve(branch.id, {
      include_ancestors_tree: true,
      include_descendants_tree: true,
      fields: "name",
    })
    const sent = await office.statements(() => office.get(`${path}?${trees}`))
    const { body } = await office.get(`${path}?id=${twig.id}&include_ancestors_tree=true`)

    expect(one).toMatchObject({
      name: "Branch",
      parent_category: { name: "Root", parent_category: null },
      category_children: [{ name: "Twig", category_children: [{ name: "Leaf", category_children: [] }] }],
    })
    expect(sent).toHaveLength(5)
    expect(body["product_categories"]).toMatchObject([
      { name: "Twig", parent_category: { name: "Branch", parent_category: { name: "Root" } } },
    ])
  })

  it("take three statements to list", async () => {
    expect(await office.statements(() => office.get(path))).toHaveLength(3)
  })

  it("have products put in and taken out, all or none", async () => {
    const { id } = await make("Filled")
    const made = await office.container.resolve(ProductService).createMany([{ title: "One" }, { title: "Two" }])
    const [one, two] = made.map((product) => product.id) as [string, string]
    const inside = async () => {
      const { body } = await office.get(`${path}/${id}?fields=products.title`)
      return ((body["product_category"] as Json)["products"] as { title: string }[])
        .map(({ title }) => title)
        .toSorted()
    }

    await sdk.admin.productCategory.updateProducts(id, { add: [one, two] })
    const both = await inside()
    const refused = await office.post(`${path}/${id}/products`, { add: ["prod_0"], remove: [one] })
    const still = await inside()
    await sdk.admin.productCategory.updateProducts(id, { remove: [one] })

    expect(both).toEqual(["One", "Two"])
    expect(refused).toMatchObject({ status: 404, body: { message: "Product with id: prod_0 was not found" } })
    expect(still).toEqual(both)
    expect(await inside()).toEqual(["Two"])
    expect((await office.audit(id)).map(({ action }) => action)).toEqual([
      "created",
      "products_changed",
      "products_changed",
    ])
  })

  it("cannot be deleted while others are in them, nor be put into themselves", async () => {
    const parent = await make("Full")
    const child = await make("Child", { parent_category_id: parent.id })

    const deletion = await office.delete(`${path}/${parent.id}`)
    const circle = await office.post(`${path}/${parent.id}`, { parent_category_id: child.id })

    expect(deletion).toMatchObject({
      status: 400,
      body: { type: "not_allowed", code: "product.category_not_empty" },
    })
    expect(circle).toMatchObject({ status: 400, body: { type: "not_allowed", code: "product.category_cycle" } })
    expect((await office.get(`${path}/${parent.id}`)).status).toBe(200)
  })

  it("are refused with a handle that another has, and below one that is not there", async () => {
    await make("Taken", { handle: "taken" })

    const twice = await office.post(path, { name: "Other", handle: "taken" })
    const nowhere = await office.post(path, { name: "Other", parent_category_id: "pcat_0" })
    const nameless = await office.post(path, { name: " " })

    expect(twice).toMatchObject({ status: 400, body: { type: "invalid_data", code: "product.handle_taken" } })
    expect(nowhere).toMatchObject({ status: 400, body: { code: "product.reference_unknown" } })
    expect(nameless).toMatchObject({ status: 400, body: { type: "invalid_data" } })
  })

  it("have a version, by which one of two who have seen the same changes them, and are audited", async () => {
    const made = await office.post(path, { name: "Seen" })
    const { id } = made.body["product_category"] as { id: string }
    const headers = { "if-match": made.headers.get("etag") as string }

    const answers = await Promise.all(
      ["A", "B"].map((name) => office.post(`${path}/${id}`, { name, rank: 0 }, { headers })),
    )
    const entries = await office.audit(id)

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    const won = answers.find(({ status }) => status === 200)
    expect((await office.get(`${path}/${id}`)).headers.get("etag")).toBe(won?.headers.get("etag"))
    expect(entries.map(({ action }) => action)).toEqual(["created", "updated"])
    const { name } = (won?.body["product_category"] ?? {}) as { name?: string }
    expect(entries[1]?.changes).toMatchObject({ name: { from: "Seen", to: name } })
  })

  it("take parameters for trees where they are read, and nowhere else", async () => {
    const answer = await office.post(`${path}?include_descendants_tree=true`, { name: "Treeless" })

    expect(answer.status).toBe(400)
    expect(answer.body["message"]).toContain("include_descendants_tree")
  })
})
