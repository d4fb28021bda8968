import { CollectionService } from "@marquetry/product"
import { SalesChannelService } from "@marquetry/sales-channel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { shirtsOf, type Product, type Shirts, type Variant } from "./shirts.ts"

let office: BackOffice
let sdk: Sdk
let shirts: Shirts
let channel: string
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  shirts = await shirtsOf(office)
  channel = (await office.container.resolve(SalesChannelService).create({ name: "Web" })).id
})
afterAll(() => office.drop())

const path = "/admin/products"

describe("a product that several change", () => {
  it("has a version, that prices and channels are part of, and is audited", async () => {
    const created = await office.post(path, shirts.aShirt())
    const product = created.body["product"] as Product
    const [variant] = product.variants
    const headers = { "if-match": created.headers.get("etag") as string }
    const change = (body: Json) => office.post(`${path}/${product.id}`, body, { headers })
    const prices = [{ id: variant?.prices[0]?.id, amount: 21 }, { id: variant?.prices[1]?.id }]
    const variants = product.variants.map(({ id }) => (id === variant?.id ? { id, prices } : { id }))

    const answers = await Promise.all([change({ variants }), change({ sales_channels: [{ id: channel }] })])
    const read = await office.get(`${path}/${product.id}`)
    const entries = await office.audit(product.id)

    expect(statusesOf(answers)).toEqual([200, 412])
    const won = answers.find(({ status }) => status === 200)
    expect(won?.headers.get("etag")).not.toBe(headers["if-match"])
    expect(read.headers.get("etag")).toBe(won?.headers.get("etag"))
    expect(read.body).toEqual(won?.body)
    expect(entries.map(({ action }) => action)).toEqual(["created", "updated"])
    const paths = Object.keys(entries[1]?.changes ?? {})
    const ofPrice = `variants.${variant?.id}.prices.${variant?.prices[0]?.id}.amount`
    expect([[ofPrice], [`sales_channels.${channel}`], ["sales_channels"]]).toContainEqual(paths)
    const refused = await office.delete(`${path}/${product.id}`, { headers })
    expect(refused.status).toBe(412)
    expect(
      (await office.get(`${path}/${product.id}`, { headers: { "if-none-match": read.headers.get("etag") as string } }))
        .status,
    ).toBe(304)
  })

  it("has the prices of one of those who set them at once", async () => {
    const product = await shirts.create()
    const { id } = product.variants[0] as Variant
    const other = product.variants[1]?.id
    const amounts = [1, 2, 3, 4, 5, 6]

    const answers = await Promise.all(
      amounts.map((amount) =>
        office.post(`${path}/${product.id}`, {
          variants: [
            {
              id,
              prices: [
                { currency_code: "eur", amount },
                { currency_code: "usd", amount },
              ],
            },
            { id: other, prices: [{ currency_code: "eur", amount }] },
          ],
        }),
      ),
    )
    const { variants } = await shirts.retrieve(product.id)

    expect(statusesOf(answers)).toEqual(amounts.map(() => 200))
    const left = variants.flatMap(({ prices }) => prices.map(({ amount }) => amount))
    expect(left).toHaveLength(3)
    expect(new Set(left).size).toBe(1)
  })

  it("waits for what it names that is deleted just now, and never in a circle", async () => {
    const collections = office.container.resolve(CollectionService)
    for (let round = 0; round < 6; round++) {
      const { id: collection } = await collections.create({ title: "Summer" })
      const product = await shirts.create({ collection_id: collection })
      const change = { collection_id: collection, handle: `raced-${round}` }

      const answers = await Promise.all([
        office.post(`${path}/${product.id}`, change),
        office.delete(`/admin/collections/${collection}`),
        office.post(`${path}/batch`, { update: [{ id: product.id, ...change }] }),
        office.post(`${path}/${product.id}`, change),
      ])

      for (const { status, body } of answers) {
        expect([status, body["code"]]).toEqual(status === 200 ? [200, undefined] : [400, "product.reference_unknown"])
      }
      expect(await shirts.retrieve(product.id)).toMatchObject({ collection: null })
    }
  })
})

describe("a batch of products", () => {
  it("creates, changes and deletes, and answers what a read would", async () => {
    const [kept, gone] = [await shirts.create(), await shirts.create()]
    const skus = gone.variants.map(({ sku }) => sku)

    const { created, updated, deleted } = (await sdk.admin.product.batch({
      create: [
        shirts.aShirt({ title: "Batched A" }),
        {
          ...shirts.aShirt(),
          variants: gone.variants.map(({ sku }, index) => ({
            sku,
            options: { Size: index === 0 ? "S" : "M" },
            prices: [],
          })),
        },
      ],
      update: [{ id: kept.id, title: "Batched B" }],
      delete: [gone.id],
    } as never)) as unknown as { created: Product[]; updated: Product[]; deleted: Json }

    expect(created.map(({ title }) => title)).toEqual(["Batched A", expect.stringMatching(/^Shirt \d+$/)])
    expect(created[1]?.variants.map(({ sku }) => sku)).toEqual(skus)
    expect(updated).toEqual([{ ...kept, title: "Batched B", updated_at: updated[0]?.updated_at }])
    expect(deleted).toEqual({ ids: [gone.id], object: "product", deleted: true })
    expect(created[0]).toEqual(await shirts.retrieve(created[0]?.id as string))
    const actions = await Promise.all([created[0]?.id as string, kept.id, gone.id].map((id) => office.audit(id)))
    expect(actions.map((entries) => entries.at(-1)?.action)).toEqual(["created", "updated", "deleted"])
  })

  it("takes as many statements for forty products as for two", async () => {
    const batch = (count: number) => ({ create: Array.from({ length: count }, () => shirts.aShirt()) })
    // When tables have grown, the database is told to look at them: that is not for this many products or that.
    const sentFor = async (count: number) => {
      const sent = await office.statements(() => office.post(`${path}/batch`, batch(count)))
      return sent.filter((text) => !/^analyze|pg_relation_size/.test(text))
    }
    const few = await sentFor(2)
    const many = await sentFor(40)

    expect(many.length).toBe(few.length)
    expect(few.length).toBeLessThanOrEqual(32)
  })

  it("is all or nothing", async () => {
    const kept = await shirts.create()
    const { count } = await sdk.admin.product.list({ limit: 1 })

    const answer = await office.post(`${path}/batch`, {
      create: [shirts.aShirt(), shirts.aShirt({ handle: kept.handle })],
      update: [{ id: kept.id, title: "Never" }],
    })
    const twice = await office.post(`${path}/batch`, { update: [{ id: kept.id }], delete: [kept.id] })
    const unknown = await office.post(`${path}/batch`, { create: [shirts.aShirt()], delete: ["prod_0"] })

    expect(answer).toMatchObject({ status: 400, body: { code: "product.handle_taken" } })
    expect(twice.status).toBe(400)
    expect(unknown.status).toBe(404)
    expect(await shirts.retrieve(kept.id)).toEqual(kept)
    expect((await sdk.admin.product.list({ limit: 1 })).count).toBe(count)
  })

  it("is done with others at once, whatever their order", async () => {
    const products = [await shirts.create(), await shirts.create(), await shirts.create()]
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [2, 0, 1],
    ]

    const answers = await Promise.all(
      orders.map((order, index) =>
        office.post(`${path}/batch`, {
          update: order.map((place) => ({
            id: products[place]?.id,
            title: `By ${index}`,
            handle: `by-${place}-${index}`,
            variants: products[place]?.variants.map(({ id }) => ({
              id,
              prices: [{ currency_code: "eur", amount: index }],
            })),
          })),
          create: [shirts.aShirt({ handle: `beside-${index}` })],
        }),
      ),
    )
    const after = await Promise.all(products.map(({ id }) => shirts.retrieve(id)))

    expect(statusesOf(answers)).toEqual([200, 200, 200, 200])
    const [winner] = new Set(after.map(({ title }) => title))
    for (const { title, variants } of after) {
      expect(title).toBe(winner)
      expect(variants.map(({ prices }) => prices.map(({ amount }) => `By ${amount}`))).toEqual([[title], [title]])
    }
  })

  it("takes the permission for each of its parts", async () => {
    const token = await office.colleague("maker@shop.example", ["product:create", "product:read"])
    const { id } = await shirts.create()

    const made = await office.post(`${path}/batch`, { create: [shirts.aShirt()] }, { token })
    const refused = await office.post(`${path}/batch`, { create: [shirts.aShirt()], delete: [id] }, { token })

    expect(made.status).toBe(200)
    expect(refused).toMatchObject({ status: 403, body: { code: "request.permission_missing" } })
  })
})
