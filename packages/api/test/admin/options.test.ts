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

interface Option extends Json {
  readonly id: string
  readonly values: { readonly id: string; readonly value: string; readonly rank: number }[]
}

const path = "/admin/product-options"
const make = async (title: string, values: string[], more: Json = {}) => {
  const { product_option: made } = await sdk.admin.productOption.create({ title, values, ...more })
  return made as unknown as Option
}
const shown = ({ values }: Option) => values.map(({ value, rank }) => `${rank} ${value}`)
const products = () => office.container.resolve(ProductService)

describe("product options", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const made = await make("Shoe size", ["41", "42"], { metadata: { unit: "eu" } })
    const { product_option: changed } = await sdk.admin.productOption.update(made.id, {
      title: "Size of shoes",
      values: ["42", "43"],
    })
    const { product_option: read } = await sdk.admin.productOption.retrieve(made.id)
    const { product_options: found, count } = await sdk.admin.productOption.list({ q: "shoes", is_exclusive: false })
    const deleted = await sdk.admin.productOption.delete(made.id)

    expect(made).toMatchObject({ title: "Shoe size", is_exclusive: false, metadata: { unit: "eu" }, deleted_at: null })
    expect(shown(made)).toEqual(["0 41", "1 42"])
    expect(changed).toEqual(read)
    expect(shown(read as unknown as Option)).toEqual(["0 42", "1 43"])
    expect((read as unknown as Option).values[0]?.id).toBe(made.values[1]?.id)
    expect([found, count]).toEqual([[read], 1])
    expect(deleted).toEqual({ id: made.id, object: "product_option", deleted: true, parent: null })
    await expect(sdk.admin.productOption.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it("have their values where ranks say, by the names that they have", async () => {
    const made = await make("Fit", ["slimFit", "wide_fit"], { ranks: { slimFit: 5, wide_fit: 2 } })
    const { body } = await office.post(`${path}/${made.id}`, { ranks: { slimFit: 1 } })

    expect(shown(made)).toEqual(["2 wide_fit", "5 slimFit"])
    expect(shown(body["product_option"] as Option)).toEqual(["1 slimFit", "2 wide_fit"])
  })

  it("keep values that there are variants of, and go with nothing that is sold", async () => {
    const made = await make("Colour", ["red", "blue"])
    await products().create({ title: "Cap", options: [{ id: made.id }], variants: [{ options: { Colour: "red" } }] })
    const red = made.values.find(({ value }) => value === "red")?.id as string

    const whole = await office.delete(`${path}/${made.id}`)
    const left = await office.post(`${path}/${made.id}`, { values: ["blue"] })
    const one = await office.delete(`${path}/${made.id}/values/${red}`)
    await products().create({ title: "Hat", options: [{ id: made.id }] })
    const shared = await office.post(`${path}/${made.id}`, { is_exclusive: true })

    const inUse = { status: 400, body: { type: "not_allowed", code: "product.option_in_use" } }
    expect(whole).toMatchObject(inUse)
    expect(left).toMatchObject(inUse)
    expect(one).toMatchObject(inUse)
    expect(shared).toMatchObject({ status: 400, body: { type: "not_allowed", code: "product.option_exclusive" } })
  })

  it("tell, when they are deleted, whose own they were", async () => {
    const cap = await products().create({ title: "Own", options: [{ title: "Cut", values: ["a"] }] })
    const id = cap.options[0]?.id as string

    const { body } = await office.delete(`${path}/${id}`)

    expect(body).toMatchObject({ id, object: "product_option", deleted: true, parent: { id: cap.id, title: "Own" } })
    expect((await products().get(cap.id)).options).toEqual([])
  })

  it("of a product are made, read, changed and taken away one at a time by the official client", async () => {
    const cap = await products().create({ title: "Hood", variants: [{ title: "One" }] })
    const other = await products().create({ title: "Vest", options: [{ title: "Cut", values: ["a"] }] })

    const { product: made } = await sdk.admin.product.createOption(cap.id, {
      title: "Lining",
      values: ["wool", "silk"],
    })
    const titled = (made.options as { id: string; title: string }[]).find(({ title }) => title === "Lining")
    const id = titled?.id as string
    const { product: changed } = await sdk.admin.product.updateOption(cap.id, id, { values: ["wool", "silk", "felt"] })
    const { product_option: read } = await sdk.admin.product.retrieveOption(cap.id, id)
    const wrong = await office.get(`/admin/products/${other.id}/options/${id}`)
    const foreign = await office.post(`/admin/products/${other.id}/options/${id}`, { title: "Mine" })
    const used = await office.post(`/admin/products/${cap.id}/options/${id}`, { values: ["felt"] })
    const deleted = await sdk.admin.product.deleteOption(cap.id, id)

    expect(made.variants?.[0]?.options).toMatchObject([{ value: "wool" }])
    expect(changed.options?.map(({ title }: { title: string }) => title)).toContain("Lining")
    expect(shown(read as unknown as Option)).toEqual(["0 wool", "1 silk", "2 felt"])
    expect(read).toMatchObject({ title: "Lining", is_exclusive: true })
    expect([wrong.status, foreign.status]).toEqual([404, 404])
    expect(used).toMatchObject({ status: 400, body: { code: "product.option_in_use" } })
    expect(deleted).toMatchObject({ id, object: "product_option", deleted: true, parent: { id: cap.id } })
    expect((await products().get(cap.id)).options.map(({ title }) => title)).not.toContain("Lining")
  })

  it("have a version, by which one of two who have seen the same changes them, and are audited", async () => {
    const made = await office.post(path, { title: "Seen", values: ["a"] })
    const { id } = made.body["product_option"] as Option
    const headers = { "if-match": made.headers.get("etag") as string }

    const answers = await Promise.all(
      ["b", "c"].map((value) => office.post(`${path}/${id}`, { values: ["a", value] }, { headers })),
    )
    const entries = await office.audit(id)

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    expect(entries.map(({ action }) => action)).toEqual(["created", "updated"])
    expect(Object.keys(entries[1]?.changes as object)).toEqual([expect.stringMatching(/^values\.optval_\w+$/)])
  })

  it("are refused without a title, with a value twice, and take three statements to list", async () => {
    const nameless = await office.post(path, { values: ["a"] })
    const twice = await office.post(path, { title: "Twice", values: ["a", "a"] })

    expect(nameless).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(twice).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(await office.statements(() => office.get(path))).toHaveLength(3)
  })
})

describe("values of options", () => {
  it("are listed, read, changed and deleted by the official client", async () => {
    const made = await make("Material", ["wool", "silk", "wood"])
    const wool = made.values[0]?.id as string
    const { product_option_value: changed } = await sdk.admin.productOption.updateValue(made.id, wool, {
      value: "merino wool",
      metadata: { soft: true },
    })
    const { product_option_value: read } = await sdk.admin.productOption.retrieveValue(made.id, wool)
    const { product_option_values: all, count } = await sdk.admin.productOption.listValues(made.id, { order: "rank" })
    const { product_option_values: found } = await sdk.admin.productOption.listValues(made.id, { q: "wo" })
    const deleted = await sdk.admin.productOption.deleteValue(made.id, wool)

    expect(changed).toEqual(read)
    expect(read).toMatchObject({
      id: wool,
      value: "merino wool",
      rank: 0,
      option_id: made.id,
      metadata: { soft: true },
    })
    expect([(all as Option["values"]).map(({ value }) => value), count]).toEqual([["merino wool", "silk", "wood"], 3])
    expect((found as Option["values"]).map(({ value }) => value)).toEqual(["merino wool", "wood"])
    expect(deleted).toMatchObject({ id: wool, object: "product_option_value", deleted: true, parent: { id: made.id } })
    expect(shown((deleted as unknown as { parent: Option }).parent)).toEqual(["1 silk", "2 wood"])
    expect((await office.audit(wool)).map(({ action, resourceType }) => [action, resourceType])).toEqual([
      ["updated", "product_option_value"],
    ])
  })

  it("are those of the option that is named, and of no other", async () => {
    const [one, other] = [await make("One", ["a"]), await make("Other", ["b"])]
    const value = `${path}/${one.id}/values/${other.values[0]?.id}`

    const answers = [await office.get(value), await office.post(value, { value: "c" }), await office.delete(value)]
    const list = await office.get(`${path}/opt_0/values`)

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
    expect(list.status).toBe(404)
    expect(await sdk.admin.productOption.listValues(one.id)).toMatchObject({ count: 1, limit: 20 })
  })

  it("are each there once, and never wait for each other in a circle", async () => {
    const made = await make("Raced", ["a", "b"])
    const [a, b] = made.values.map(({ id }) => `${path}/${made.id}/values/${id}`) as [string, string]

    const taken = await office.post(a, { value: "b" })
    const answers = await Promise.all([
      office.post(a, { value: "x" }),
      office.post(`${path}/${made.id}`, { ranks: { a: 3, b: 2 } }),
      office.post(b, { value: "y" }),
      office.post(`${path}/${made.id}`, { ranks: { a: 2, b: 3 } }),
      office.post(a, { metadata: { n: 1 } }),
    ])

    expect(taken).toMatchObject({ status: 422, body: { type: "duplicate_error" } })
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  })

  it("have a version, which spares an answer that is known", async () => {
    const made = await make("Known", ["a"])
    const value = `${path}/${made.id}/values/${made.values[0]?.id}`
    const { headers } = await office.get(value)
    const version = headers.get("etag") as string

    const known = await office.get(value, { headers: { "if-none-match": version } })
    const answers = await Promise.all(
      ["b", "c"].map((name) => office.post(value, { value: name }, { headers: { "if-match": version } })),
    )

    expect(known.status).toBe(304)
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
  })
})
