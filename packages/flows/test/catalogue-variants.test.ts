import { statementsOf } from "@marquetry/kernel/testing"
import { VariantService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ProductFlow, UpdateVariantInput, VariantFlow, VariantItemFlow } from "../src/index.ts"
import { aShirt, Catalogue } from "./catalogue.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
let products: ProductFlow
let flow: VariantFlow
let kits: VariantItemFlow
let catalogue: Catalogue

beforeAll(async () => {
  shop = await openShop()
  products = shop.resolve(ProductFlow)
  flow = shop.resolve(VariantFlow)
  kits = shop.resolve(VariantItemFlow)
  catalogue = new Catalogue(shop)
})
afterAll(() => shop.close())

const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
const euros = (amount: number) => ({ currencyCode: "eur", amount })
/** A product with one variant, and room for others. */
const roomy = async () => {
  const options = [{ title: "Nib", values: letters }]
  return (await products.create({ title: "Pen", options, variants: [{ options: { Nib: "A" } }] })).id
}
const notFound = (id: string) => ({ code: "resource.not_found", details: { id } })

describe("variants of a product", () => {
  it("are added, changed and deleted with their prices and items", async () => {
    const id = await roomy()
    const before = await catalogue.counts()

    const { id: variantId } = await flow.create(id, { options: { Nib: "B" }, sku: "PEN-B", prices: [euros(3)] })
    const made = (await catalogue.get(id)).variants[1]
    await flow.update(id, variantId, { title: "Broad", prices: [euros(4), { ...euros(3), minQuantity: 10 }] })
    await flow.update(id, variantId, { sku: "PEN-BROAD" })

    expect(made).toMatchObject({ id: variantId, title: "B", inventoryItems: [{ requiredQuantity: 1 }] })
    expect(await catalogue.pricesOf(id)).toEqual(["Broad 3 eur from 10", "Broad 4 eur"])
    await flow.delete(id, variantId)
    expect(await catalogue.counts()).toEqual(before)
  })

  it("leave their place and SKU to others of the same batch", async () => {
    const id = await roomy()
    const { id: first } = await flow.create(id, { options: { Nib: "C" }, sku: "PEN-C" })
    const { id: second } = await flow.create(id, { options: { Nib: "D" } })

    const result = await flow.batch(id, {
      create: [{ options: { Nib: "C" }, sku: "PEN-C", prices: [euros(5)] }],
      update: [{ id: second, prices: [euros(6)] }],
      delete: [first],
    })

    expect(result).toEqual({ created: [expect.stringMatching(/^variant_/)], updated: [second], deleted: [first] })
    expect(await catalogue.pricesOf(id)).toEqual(["C 5 eur", "D 6 eur"])
  })

  it("are those of that product, and refused as a whole otherwise", async () => {
    const [id, other] = [await roomy(), await roomy()]
    const [own] = (await catalogue.get(id)).variants
    const [foreign] = (await catalogue.get(other)).variants
    const before = await catalogue.counts()

    await expect(flow.update(id, foreign!.id, { title: "x" })).rejects.toMatchObject(notFound(foreign!.id))
    await expect(flow.batch(id, { delete: [own!.id, foreign!.id] })).rejects.toMatchObject(notFound(foreign!.id))
    await expect(flow.create("prod_none", { title: "x" })).rejects.toMatchObject(notFound("prod_none"))
    await expect(
      flow.batch(id, {
        delete: [own!.id],
        create: [{ options: { Nib: "B" }, inventoryItems: [{ inventoryItemId: "iitem_none" }] }],
      }),
    ).rejects.toMatchObject({ code: "reference.unknown" })

    expect(await catalogue.counts()).toEqual(before)
  })

  it("take what their schema has checked already", async () => {
    const id = await roomy()
    const [variant] = (await catalogue.get(id)).variants
    const rules = { region_id: shop.filled.regionId }

    await flow.update(id, variant!.id, UpdateVariantInput.parse({ prices: [{ ...euros(7), rules }] }))

    expect(await catalogue.pricesOf(id)).toEqual([`A 7 eur region_id=${rules.region_id}`])
  })

  it("can be added and deleted by many at once, of a product that is changed meanwhile", async () => {
    const id = await roomy()
    const [first] = (await catalogue.get(id)).variants
    const before = await catalogue.counts()
    const others = letters.slice(1, 13)

    const made = await Promise.all([
      ...others.map((Nib, index) => flow.create(id, { options: { Nib }, prices: [euros(index)] })),
      ...others.map((_, index) => products.update(id, { subtitle: `${index}` })),
      ...others.map((_, index) => flow.update(id, first!.id, { prices: [euros(index)] })),
    ])
    const variantIds = made.flatMap((variant) => variant?.id ?? [])
    expect(await catalogue.pricesOf(id)).toHaveLength(13)
    const settled = await Promise.allSettled([
      ...variantIds.map((variantId) => flow.delete(id, variantId)),
      ...variantIds.map(() => products.update(id, { variants: [{ id: first!.id }] })),
    ])

    const codes = settled.flatMap((result) =>
      result.status === "rejected" ? [(result.reason as { code: string }).code] : [],
    )
    expect(codes.filter((code) => code !== "resource.not_found")).toEqual([])
    expect(await catalogue.counts()).toEqual({ ...before, prices: before["prices"]! + 1 })
  })

  it("take as many statements however many they are", async () => {
    const [few, many] = [await roomy(), await roomy()]
    const add = (id: string, nibs: string[]) => () =>
      flow.batch(id, { create: nibs.map((Nib) => ({ options: { Nib }, prices: [euros(1)] })) })
    const change = (id: string, count: number) => async () => {
      const variants = (await shop.resolve(VariantService).list({ filter: { productId: id }, limit: 50 })).rows
      const named = variants.slice(1, count + 1).map((variant) => variant.id)
      await flow.batch(id, {
        update: named.slice(1).map((variantId) => ({ id: variantId, prices: [euros(2)] })),
        delete: named.slice(0, 1),
      })
    }

    const counted = async (work: () => Promise<void | object>) => (await statementsOf(shop.db, work)).length

    const added = [await counted(add(few, ["B", "C", "D"])), await counted(add(many, letters.slice(1)))]
    const changed = [await counted(change(few, 3)), await counted(change(many, 25))]

    expect(added).toEqual([16, 16])
    expect(changed).toEqual([28, 28])
  })
})

describe("images and variants", () => {
  it("are put together from both sides", async () => {
    const urls = ["https://cdn.test/1.png", "https://cdn.test/2.png"]
    const { id } = await products.create(aShirt({ images: urls.map((url) => ({ url })) }))
    const images = await shop.sql<{ id: string }>(
      `select id from "product"."product_image" where product_id = $1 order by rank`,
      [id],
    )
    const [front, back] = images.map((image) => image.id) as [string, string]
    const [small, medium] = (await catalogue.get(id)).variants.map((variant) => variant.id) as [string, string]
    const shown = async (variantId: string) =>
      (await shop.resolve(VariantService).get(variantId)).images.map((image) => image.id)

    const answer = await flow.assignImages(id, small, { add: [front, back] })
    await flow.assignImage(id, back, { add: [medium], remove: [small] })

    expect(answer).toEqual({ added: [front, back], removed: [] })
    expect(await shown(small)).toEqual([front])
    expect(await shown(medium)).toEqual([back])
    const { id: other } = await products.create(aShirt())
    const foreign = (await catalogue.get(other)).variants[0]!.id
    await expect(flow.assignImages(id, foreign, { add: [front] })).rejects.toMatchObject(notFound(foreign))
    await expect(flow.assignImages(other, foreign, { add: [front] })).rejects.toMatchObject({
      code: "product.image_of_another_product",
    })
    await expect(flow.assignImage(other, front, { remove: [foreign] })).rejects.toMatchObject({
      code: "reference.unknown",
    })
  })
})

describe("what variants are made of", () => {
  const part = (variantId: string, inventoryItemId: string) => ({ variantId, inventoryItemId })
  const parts = (requiredQuantity: number, variantId: string, inventoryItemId: string) => ({
    ...part(variantId, inventoryItemId),
    requiredQuantity,
  })

  it("is put in, counted anew and taken out, all or none", async () => {
    const [board, screw, glue] = (await catalogue.items().createMany([{}, {}, {}])).map((item) => item.id) as [
      string,
      string,
      string,
    ]
    const { id } = await products.create(aShirt({ variants: [{ options: { Size: "S" }, manageInventory: false }] }))
    const [variant] = (await catalogue.get(id)).variants
    const partsOf = async () => {
      const { inventoryItems } = (await catalogue.get(id)).variants[0]!
      return inventoryItems.map(({ inventoryId, requiredQuantity }) => `${requiredQuantity} ${inventoryId}`).sort()
    }

    await kits.batch(id, { create: [part(variant!.id, board), parts(4, variant!.id, screw)] })
    await kits.batch(id, {
      create: [part(variant!.id, glue)],
      update: [parts(6, variant!.id, screw)],
      delete: [part(variant!.id, board)],
    })

    expect(await partsOf()).toEqual([`1 ${glue}`, `6 ${screw}`])
    await expect(
      kits.batch(id, { delete: [part(variant!.id, glue)], update: [parts(2, variant!.id, board)] }),
    ).rejects.toMatchObject(notFound(`${board} of ${variant!.id}`))
    await expect(kits.batch(id, { create: [part(variant!.id, "iitem_none")] })).rejects.toMatchObject({
      code: "reference.unknown",
      details: { resource: "inventory_item", ids: ["iitem_none"] },
    })
    await expect(kits.batch(id, { create: [part("variant_none", board)] })).rejects.toMatchObject(
      notFound("variant_none"),
    )
    expect(await partsOf()).toEqual([`1 ${glue}`, `6 ${screw}`])
  })
})
