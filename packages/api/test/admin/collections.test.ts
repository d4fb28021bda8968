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

const path = "/admin/collections"

describe("collections", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { collection: made } = await sdk.admin.productCollection.create({ title: "Summer", metadata: { year: 1 } })
    const { collection: changed } = await sdk.admin.productCollection.update(made.id, { title: "Late summer" })
    const { collection: read } = await sdk.admin.productCollection.retrieve(made.id)
    const { collections: found, count, limit } = await sdk.admin.productCollection.list({ q: "late", handle: "summer" })
    const deleted = await sdk.admin.productCollection.delete(made.id)

    expect(made).toMatchObject({ title: "Summer", handle: "summer", external_id: null, metadata: { year: 1 } })
    expect(changed).toEqual(read)
    expect(read).toEqual({ ...made, title: "Late summer", updated_at: read.updated_at })
    expect([found, count, limit]).toEqual([[read], 1, 10])
    expect(deleted).toEqual({ id: made.id, object: "collection", deleted: true })
    expect(await office.get(`${path}/${made.id}`)).toMatchObject({
      status: 404,
      body: { message: `Collection with id: ${made.id} was not found` },
    })
  })

  it("take products out of each other, all or none, whoever else does", async () => {
    const made = await office.container.resolve(ProductService).createMany([{ title: "One" }, { title: "Two" }])
    const ids = made.map(({ id }) => id)
    const { collection: first } = await sdk.admin.productCollection.create({ title: "A" })
    const { collection: second } = await sdk.admin.productCollection.create({ title: "B" })
    const [a, b] = [first.id, second.id]
    const inside = async (id: string) => {
      const { body } = await office.get(`${path}/${id}?fields=products.id`)
      return ((body["collection"] as Json)["products"] as { id: string }[]).map((product) => product.id).toSorted()
    }

    await sdk.admin.productCollection.updateProducts(a, { add: ids })
    const all = await inside(a)
    const refused = await office.post(`${path}/${b}/products`, { add: [ids[0], "prod_0"] })
    const still = await inside(a)
    const raced = await Promise.all([a, b, a, b].map((id) => office.post(`${path}/${id}/products`, { add: ids })))
    const both = [...(await inside(a)), ...(await inside(b))]
    await sdk.admin.productCollection.updateProducts(a, { remove: ids })
    await sdk.admin.productCollection.updateProducts(b, { remove: ids })

    expect(all).toEqual(ids.toSorted())
    expect(refused).toMatchObject({ status: 404, body: { message: "Product with id: prod_0 was not found" } })
    expect(still).toEqual(all)
    expect(raced.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(both).toEqual(all)
    expect([await inside(a), await inside(b)]).toEqual([[], []])
  })

  it("are refused with a handle that another has, and without a title", async () => {
    await sdk.admin.productCollection.create({ title: "Taken", handle: "taken" })
    const { collection: other } = await sdk.admin.productCollection.create({ title: "Other" })

    const made = await office.post(path, { title: "Third", handle: "taken" })
    const changed = await office.post(`${path}/${other.id}`, { handle: "taken" })
    const empty = await office.post(path, {})

    expect(made).toMatchObject({ status: 400, body: { code: "product.handle_taken" } })
    expect(changed).toMatchObject({ status: 400, body: { code: "product.handle_taken" } })
    expect(empty).toMatchObject({
      status: 400,
      body: { message: "Invalid request: Field 'title' is required" },
    })
  })

  it("have a version, by which one of two who have seen the same changes them, and are audited", async () => {
    const made = await office.post(path, { title: "Seen" })
    const { id } = made.body["collection"] as { id: string }
    const headers = { "if-match": made.headers.get("etag") as string }

    const answers = await Promise.all(["A", "B"].map((title) => office.post(`${path}/${id}`, { title }, { headers })))
    await sdk.admin.productCollection.updateProducts(id, { add: [] })
    await office.delete(`${path}/${id}`)

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    expect((await office.audit(id)).map(({ action, resourceType }) => [action, resourceType])).toEqual([
      ["created", "product_collection"],
      ["updated", "product_collection"],
      ["products_changed", "product_collection"],
      ["deleted", "product_collection"],
    ])
  })

  it("take three statements to list", async () => {
    expect(await office.statements(() => office.get(`${path}?created_at[$gt]=2020-01-01`))).toHaveLength(3)
  })
})
