import { ProductService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice } from "./back-office.ts"
import { shirtsOf } from "./shirts.ts"

let office: BackOffice
beforeAll(async () => {
  office = await openBackOffice()
})
afterAll(() => office.drop())

async function make(path: string, body: object) {
  const answer = await office.post(path, body)
  const [row] = Object.values(answer.body) as [{ id: string }]
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return { id: row.id, path: `${path}/${row.id}` }
}

const someProducts = async (titles: readonly string[]) =>
  (await office.container.resolve(ProductService).createMany(titles.map((title) => ({ title })))).map(({ id }) => id)

const changesOf = async (id: string) => (await office.audit(id)).slice(1).map(({ changes }) => changes)

describe("the log of what products are put into", () => {
  it.each([
    ["a sales channel", "/admin/sales-channels", { name: "Till" }],
    ["a collection", "/admin/collections", { title: "Summer" }],
    ["a category", "/admin/product-categories", { name: "Shirts" }],
  ])("tells of %s which came and went, and no others", async (_, root, body) => {
    const ids = await someProducts(["One", "Two", "Three"])
    const [one, two, three] = ids as [string, string, string]
    const { id, path } = await make(root, body)

    await office.post(`${path}/products`, { add: [one, two] })
    await office.post(`${path}/products`, { add: [two, three], remove: [one, "prod_none"] })
    await office.post(`${path}/products`, { add: [two], remove: [one] })

    expect(await changesOf(id)).toEqual([
      {
        [`products.${one}`]: { to: { id: one, title: "One" } },
        [`products.${two}`]: { to: { id: two, title: "Two" } },
      },
      {
        [`products.${one}`]: { from: { id: one, title: "One" } },
        [`products.${three}`]: { to: { id: three, title: "Three" } },
      },
      {},
    ])
  })

  it("tells of those of a price list which prices went", async () => {
    const shirts = await shirtsOf(office)
    const [shirt, other] = [await shirts.create(), await shirts.create()]
    const prices = [...shirt.variants, ...other.variants].map((variant, index) => ({
      variant_id: variant.id,
      currency_code: "eur",
      amount: index + 1,
    }))
    const { id, path } = await make("/admin/price-lists", { title: "Sale", description: "Of summer", prices })
    const { body } = await office.get(`${path}/prices?product_id=${shirt.id}&fields=id,variant_id,amount`)
    const gone = body["prices"] as { id: string; variant_id: string; amount: number }[]

    await office.post(`${path}/products`, { remove: [shirt.id, "prod_none"] })
    await office.post(`${path}/products`, { remove: [shirt.id] })

    const told = gone.map((price) => {
      const { id: key, variant_id, amount } = price
      const from = { id: key, variant_id, amount, currency_code: "eur", min_quantity: null, max_quantity: null }
      return [`prices.${key}`, { from }]
    })
    expect(gone).toHaveLength(2)
    expect(await changesOf(id)).toEqual([Object.fromEntries(told), {}])
  })

  it("tells of many in several entries, takes as many statements as of one, and is no part of the version", async () => {
    const ids = await someProducts(Array.from({ length: 1_500 }, (_, index) => `Many ${index}`))
    const { id, path } = await make("/admin/collections", { title: "Full" })
    const seen = (await office.get(path)).headers.get("etag")

    const few = await office.statements(() => office.post(`${path}/products`, { add: ids.slice(0, 1) }))
    const many = await office.statements(() => office.post(`${path}/products`, { add: ids }))

    const told = await changesOf(id)
    expect(told.map((changes) => Object.keys(changes).length)).toEqual([1, 1_000, 499])
    expect(new Set(told.flatMap((changes) => Object.keys(changes)))).toEqual(
      new Set(ids.map((one) => `products.${one}`)),
    )
    expect(many.length).toBe(few.length)
    expect((await office.get(path)).headers.get("etag")).toBe(seen)
  })
})
