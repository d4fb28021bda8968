import { readFile } from "node:fs/promises"
import { describe, expect, it } from "vitest"
import { readMedusaCsv, readProductCsv, type ProductDraft, type Refusal } from "../src/index.ts"
import { aRow, csvOf, sourceOf } from "./csv.ts"

async function read(file: string | Uint8Array) {
  const drafts: ProductDraft[] = []
  const refusals: Refusal[] = []
  for await (const reading of readProductCsv(sourceOf(file))) {
    if ("draft" in reading) drafts.push(reading.draft)
    else refusals.push(reading.refusal)
  }
  return { drafts, refusals }
}

type Cells = Readonly<Record<string, string>>

/** A file with the columns that its rows have. */
const fileOf = (...rows: Cells[]) => csvOf(rows, { names: [...new Set(rows.flatMap((row) => Object.keys(row)))] })

const lamp = (more: Cells = {}): Cells => ({
  "Product Handle": "lamp",
  "Product Title": "Lamp",
  "Variant Title": "One",
  "Variant Price EUR": "10",
  ...more,
})

describe("a product CSV of Medusa", () => {
  it("says everything that an export of the admin says", async () => {
    const { drafts, refusals } = await read(await readFile(new URL("medusa-export.csv", import.meta.url)))

    expect(refusals).toEqual([])
    expect(drafts).toHaveLength(2)
    expect(drafts[0]).toMatchObject({
      line: 2,
      id: "prod_01JSHIRT",
      handle: "linen-shirt",
      title: "Linen Shirt",
      subtitle: "Cool, in summer",
      status: "published",
      discountable: true,
      weight: "400",
      typeId: "ptyp_01",
      collectionId: "pcol_01",
      shippingProfileId: "sp_01",
      tags: ["summer", "linen"],
      salesChannelIds: ["sc_01"],
      categoryIds: ["pcat_01", "pcat_02"],
      images: [{ url: "https://cdn.test/shirt-front.png" }, { url: "https://cdn.test/shirt-back.png" }],
      options: ["Size", "Color"],
      variants: [
        {
          line: 2,
          id: "variant_01S",
          title: "S / Black",
          sku: "SHIRT-S-BLACK",
          options: ["S", "Black"],
          manageInventory: true,
          allowBackorder: false,
          prices: [
            { currencyCode: "usd", amount: "55" },
            { currencyCode: "eur", amount: "49.9" },
            { currencyCode: "eur", region: "europe", amount: "45" },
          ],
        },
        { line: 4, id: "variant_01M", options: ["M", "Black"], prices: [{ currencyCode: "eur", amount: "49.9" }] },
      ],
    })
    expect(drafts[1]).toEqual({
      line: 6,
      handle: "gift-wrap",
      title: "Gift Wrap",
      status: "draft",
      discountable: false,
      metadata: { note: "by hand" },
      tags: [],
      salesChannelIds: [],
      categoryIds: [],
      images: [],
      variants: [],
    })
  })

  it.each([
    ["as exports write it", ["Product Handle", "Product Title", "Variant Price EUR", "Variant Option 1 Name"]],
    ["in capitals, and small", ["PRODUCT HANDLE", "product title", "variant price eur", "Variant option 1 name"]],
    ["with lines below the words", ["product_handle", "product_title", "variant_price_eur", "variant_option_1_name"]],
    ["as Medusa 1 did", ["Product Handle", "Product Title", "Price EUR", "Option 1 Name"]],
  ])("may have a header %s", async (_, [handle, title, price, option] = []) => {
    const value = (option as string).replace(/name/i, "Value")
    const row = { [handle as string]: "lamp", [title as string]: "Lamp", [price as string]: "9.5" }

    const { drafts, refusals } = await read(fileOf({ ...row, [option as string]: "Size", [value]: "S" }))

    expect(refusals).toEqual([])
    expect(drafts).toMatchObject([
      {
        handle: "lamp",
        title: "Lamp",
        options: ["Size"],
        variants: [{ options: ["S"], prices: [{ currencyCode: "eur", amount: "9.5" }] }],
      },
    ])
  })

  it.each([
    ["Variant Price Europe [EUR]", { region: "europe", currencyCode: "eur" }],
    ["Variant Price [North America] USD", { region: "north america", currencyCode: "usd" }],
    ["Variant Price JPY", { currencyCode: "jpy" }],
  ])("has prices in the column %s", async (column, price) => {
    const { drafts } = await read(fileOf({ "Product Handle": "lamp", [column]: "7" }))

    expect(drafts[0]?.variants[0]?.prices).toEqual([{ ...price, amount: "7" }])
  })

  it("leaves unsaid what has no column, and what is empty", async () => {
    const { drafts } = await read(fileOf({ "Product Id": "prod_1", "Product Title": "", "Product Subtitle": "New" }))

    expect(drafts).toEqual([{ line: 2, id: "prod_1", handle: null, subtitle: "New", variants: [] }])
  })

  it("passes over when things were made, ranks, and ids of options", async () => {
    const passedOver = ["Product Created At", "Variant Variant Rank", "Variant Option 1 Id", "Variant Image 1"]

    const { drafts, refusals } = await read(
      fileOf({ ...lamp(), ...Object.fromEntries(passedOver.map((name) => [name, "x"])) }),
    )

    expect(refusals).toEqual([])
    expect(drafts).toHaveLength(1)
  })

  it("tells of columns that it does not know, and takes the rest", async () => {
    const { drafts, refusals } = await read(fileOf(lamp({ "Variant Prise USD": "5", "Variant Price XYZ": "5" })))

    expect(drafts).toHaveLength(1)
    expect(refusals).toMatchObject([{ line: 1, handle: null, code: "import.column_unknown" }])
    expect(refusals[0]?.reason).toContain("Variant Prise USD, Variant Price XYZ")
  })

  it.each<[string, Cells, string]>([
    ["a weight", { "Product Weight": "heavy" }, "Product Weight"],
    ["a state", { "Product Status": "archived" }, "Product Status"],
    ["a truth", { "Variant Manage Inventory": "perhaps" }, "Variant Manage Inventory"],
    ["an amount", { "Variant Price USD": "12,50" }, "variant price usd"],
    ["an amount below zero", { "Variant Price USD": "-1" }, "variant price usd"],
    ["metadata", { "Product Metadata": "[1]" }, "Product Metadata"],
    ["metadata that is no JSON", { "Variant Metadata": "{" }, "Variant Metadata"],
    ["an image", { "Product Image 1": "javascript:alert(1)" }, "product image 1"],
  ])(
    "refuses the cell of %s that is none, with its line and column, and takes the product",
    async (_, cells, column) => {
      const { drafts, refusals } = await read(fileOf(lamp(), lamp({ "Product Handle": "other", ...cells })))

      expect(refusals).toMatchObject([{ line: 3, handle: "other", code: "import.value_invalid" }])
      expect(refusals[0]?.reason).toContain(column)
      expect(drafts.map(({ handle }) => handle)).toEqual(["lamp", "other"])
      expect(drafts[1]?.variants).toHaveLength(1)
    },
  )

  it.each<[string, Cells[], [number, string][], number]>([
    ["a row of no product", [lamp({ "Product Handle": "" })], [[2, "handle_missing"]], 0],
    ["a handle that is none", [lamp({ "Product Handle": "a b" })], [[2, "handle_invalid"]], 0],
    ["a title without end", [lamp({ "Product Title": "x".repeat(501) })], [[2, "title_missing"]], 0],
    ["a product that comes again", [lamp(), lamp({ "Product Handle": "other" }), lamp()], [[4, "handle_repeated"]], 2],
    [
      "a choice that comes again, and one that is none",
      ["S", "S", ""].map((value) => lamp({ "Variant Option 1 Name": "Size", "Variant Option 1 Value": value })),
      [
        [3, "variant_repeated"],
        [4, "value_invalid"],
      ],
      1,
    ],
  ])("refuses %s", async (_, rows, refused, taken) => {
    const { drafts, refusals } = await read(fileOf(...rows))

    expect(refusals.map(({ line, code }) => [line, code])).toEqual(
      refused.map(([line, code]) => [line, `import.${code}`]),
    )
    expect(drafts).toHaveLength(taken)
  })

  it("is told from one of Shopify by its header, and from what is neither", async () => {
    const shopify = await read(csvOf([aRow()]))

    expect(shopify.drafts).toMatchObject([{ handle: "lamp", published: true }])
    await expect(read("id,name\n1,Lamp\n")).rejects.toMatchObject({
      code: "import.format_unknown",
      kind: "invalid",
      details: {
        missing: { shopify: ["Handle", "Title", "Variant Price"], medusa: ["Product Id", "Product Handle"] },
      },
    })
    await expect(read("")).rejects.toMatchObject({ code: "import.format_unknown" })
  })

  it("lets go of a file that is none", async () => {
    const source = sourceOf("id,name\n".repeat(100_000))

    await expect(readMedusaCsv(source).next()).rejects.toMatchObject({ code: "import.not_a_medusa_export" })

    expect(source.destroyed).toBe(true)
  })
})
