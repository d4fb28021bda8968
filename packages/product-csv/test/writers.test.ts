import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  readProductCsv,
  writeMedusaCsv,
  writeShopifyCsv,
  type LeftOut,
  type ProductDraft,
  type Reading,
} from "../src/index.ts"
import { medusaDrafts, shopifyDrafts, withoutLines } from "./drafts.ts"

async function* given(drafts: readonly ProductDraft[]) {
  yield* drafts
}

async function readBack(file: Readable) {
  const drafts: ProductDraft[] = []
  const refusals: unknown[] = []
  for await (const reading of readProductCsv(file) as AsyncIterable<Reading>) {
    if ("draft" in reading) drafts.push(reading.draft)
    else refusals.push(reading.refusal)
  }
  return { drafts, refusals }
}

/** With the handle, but without what the tests are not about. */
const aDraft = (overrides: Partial<ProductDraft> = {}): ProductDraft => ({
  line: 0,
  handle: "lamp",
  title: "Lamp",
  variants: [{ line: 0, options: [], title: "Lamp" }],
  ...overrides,
})

describe("a product CSV", () => {
  it("of Shopify reads back to the drafts that it was written from", async () => {
    await fc.assert(
      fc.asyncProperty(shopifyDrafts, async (wanted) => {
        const found = await readBack(writeShopifyCsv(given(wanted), { currencyCode: "eur" }))

        expect(found.refusals).toEqual([])
        expect(withoutLines(found.drafts)).toEqual(withoutLines(wanted))
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it("of Medusa reads back to the drafts that it was written from", async () => {
    await fc.assert(
      fc.asyncProperty(medusaDrafts, async (wanted) => {
        const found = await readBack(writeMedusaCsv(() => given(wanted)))

        expect(found.refusals).toEqual([])
        expect(withoutLines(found.drafts)).toEqual(withoutLines(wanted))
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it("has a header when there is nothing to write, by which it is known", async () => {
    const files = [writeShopifyCsv(given([]), { currencyCode: "eur" }), writeMedusaCsv(() => given([]))]

    for (const file of files) expect(await readBack(file)).toEqual({ drafts: [], refusals: [] })
  })

  it("keeps cells that a spreadsheet would compute as they are", async () => {
    const title = '=HYPERLINK("https://evil.test")'

    const file = await text(writeMedusaCsv(() => given([aDraft({ title })])))

    expect(file).toContain('"=HYPERLINK(""https://evil.test"")"')
  })

  it("of Shopify tells of products that have no room in it, and writes the others", async () => {
    const leftOut: LeftOut[] = []
    const four = aDraft({
      handle: "four",
      options: ["A", "B", "C", "D"],
      variants: [{ line: 0, options: ["1", "2", "3", "4"] }],
    })
    const products = given([four, aDraft({ handle: "none", variants: [] }), aDraft()])

    const file = writeShopifyCsv(products, { currencyCode: "eur", onLeftOut: (product) => leftOut.push(product) })

    const { drafts } = await readBack(file)
    expect(drafts.map(({ handle }) => handle)).toEqual(["lamp"])
    expect(leftOut).toEqual([
      { handle: "four", reason: expect.stringContaining("4 options") },
      { handle: "none", reason: expect.stringContaining("no variants") },
    ])
  })

  it("of Medusa fails when products outgrow the columns while it is written", async () => {
    let reads = 0
    const growing = () => given([aDraft({ tags: reads++ === 0 ? ["a"] : ["a", "b"] })])

    await expect(text(writeMedusaCsv(growing))).rejects.toMatchObject({
      code: "export.catalogue_changed",
      kind: "conflict",
    })
  })

  it("fails as its products do, and lets go of them when nobody reads on", async () => {
    let isOpen = false
    async function* endless() {
      isOpen = true
      try {
        for (;;) yield aDraft()
      } finally {
        isOpen = false
      }
    }
    async function* failing(): AsyncGenerator<ProductDraft> {
      yield aDraft()
      throw new Error("The database is gone")
    }

    for await (const _ of writeShopifyCsv(endless(), { currencyCode: "eur" })) break
    await expect(text(writeShopifyCsv(failing(), { currencyCode: "eur" }))).rejects.toThrow("The database is gone")

    await expect.poll(() => isOpen).toBe(false)
  })
})
