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

describe.each([
  ["product tags", "product_tag", 20],
  ["product types", "product_type", 10],
] as const)("%s", (_, name, pageSize) => {
  const path = `/admin/${name.replace("_", "-")}s`
  /** Both are called alike. */
  const client = () =>
    (name === "product_tag" ? sdk.admin.productTag : sdk.admin.productType) as Sdk["admin"]["productTag"]
  const rowOf = (body: object) => (body as Json)[name] as Json & { id: string }
  const make = async (value: string, more: Json = {}) => rowOf(await client().create({ value, ...more }))

  it("are created, read, changed, listed and deleted by the official client", async () => {
    const made = await make("cotton", { metadata: { soft: true } })
    const changed = rowOf(await client().update(made.id, { value: "fine cotton" }))
    const read = rowOf(await client().retrieve(made.id))
    const listed = (await client().list({ q: "fine", value: "fine cotton" })) as unknown as Json
    const deleted = await client().delete(made.id)

    expect(made).toMatchObject({ value: "cotton", external_id: null, metadata: { soft: true } })
    expect(changed).toEqual(read)
    expect(read).toEqual({ ...made, value: "fine cotton", updated_at: read["updated_at"] })
    expect(listed).toEqual({ [`${name}s`]: [read], count: 1, offset: 0, limit: pageSize })
    expect(deleted).toEqual({ id: made.id, object: name, deleted: true })
    await expect(client().retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it("are once each, however many make them at once, and free again when they are deleted", async () => {
    const raced = await Promise.all(Array.from({ length: 5 }, () => office.post(path, { value: "once" })))
    const other = await make("other")
    const renamed = await office.post(`${path}/${other.id}`, { value: "once" })
    const won = raced.find(({ status }) => status === 200)
    await client().delete(rowOf(won?.body ?? {}).id)
    const again = await office.post(`${path}/${other.id}`, { value: "once" })

    expect(raced.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 422, 422, 422, 422])
    expect(renamed).toMatchObject({ status: 422, body: { type: "duplicate_error" } })
    expect(again.status).toBe(200)
  })

  it("leave products when they are deleted", async () => {
    const { id } = await make("short-lived")
    const given = name === "product_tag" ? { tagIds: [id] } : { typeId: id }
    const products = office.container.resolve(ProductService)
    const product = await products.create({ title: "Labelled", ...given })
    const before = rowOf((await office.get(`${path}/${id}?fields=products.title`)).body)

    await client().delete(id)
    const after = await products.get(product.id)

    expect(before["products"]).toEqual([{ title: "Labelled" }])
    expect([after.tags, after.type]).toEqual([[], null])
  })

  it("have a version, by which one of two who have seen the same changes them, and are audited", async () => {
    const made = await office.post(path, { value: "seen" })
    const { id } = rowOf(made.body)
    const headers = { "if-match": made.headers.get("etag") as string }

    const answers = await Promise.all(["a", "b"].map((value) => office.post(`${path}/${id}`, { value }, { headers })))
    const entries = await office.audit(id)

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    expect(entries.map(({ action, resourceType }) => [action, resourceType])).toEqual([
      ["created", name],
      ["updated", name],
    ])
    expect(entries[1]?.changes).toMatchObject({ value: { from: "seen" } })
  })

  it("are refused without a value, and take three statements to list", async () => {
    const empty = await office.post(path, { value: " " })

    expect(empty).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(await office.statements(() => office.get(`${path}?order=value`))).toHaveLength(3)
  })
})
