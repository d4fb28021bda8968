import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { MAX_ROWS_PER_PRODUCT, readShopifyCsv, type ProductDraft } from "../src/index.ts"
import { aRow, columns, csvOf, read, rowsOf, sourceOf, type Row } from "./csv.ts"
import { shopifyDrafts, withoutLines } from "./drafts.ts"

describe("a product CSV of Shopify", () => {
  it("reads back to the drafts that it was written from, however it is spelt", async () => {
    await fc.assert(
      fc.asyncProperty(
        shopifyDrafts,
        fc.record({
          newline: fc.constantFrom("\n", "\r\n"),
          mark: fc.boolean(),
          names: fc.shuffledSubarray([...columns, "Google Shopping / Gender", "Cost per item"], {
            minLength: columns.length + 2,
          }),
          blank: fc.boolean(),
          chunk: fc.integer({ min: 1, max: 64 }),
        }),
        async (wanted, { newline, mark, names, blank, chunk }) => {
          const csv = csvOf(wanted.flatMap(rowsOf), { names, newline })
          const file = `${mark ? "\uFEFF" : ""}${blank ? csv.replace(newline, newline + newline) : csv}`

          const found = await read(file, chunk)

          expect(found.refusals).toEqual([])
          expect(withoutLines(found.drafts)).toEqual(withoutLines(wanted))
        },
      ),
      { numRuns: 150 },
    )
  }, 120_000)

  it("says on which line of the file everything begins, whatever line breaks are in its cells", async () => {
    const csv = csvOf(
      [
        aRow({ Handle: "a", "Body (HTML)": "one\r\ntwo\nthree" }),
        aRow({ Handle: "b", "Variant Price": "cheap" }),
        aRow({ Handle: "c", "Body (HTML)": "one\n\ntwo" }),
        aRow({ Handle: "" }),
        aRow({ Handle: "d" }),
      ],
      { newline: "\r\n" },
    )

    const { drafts: found, refusals } = await read(csv, 7)

    expect(found.map(({ handle, line }) => [handle, line])).toEqual([
      ["a", 2],
      ["c", 6],
      ["d", 10],
    ])
    expect(refusals.map(({ line, code }) => [line, code])).toEqual([
      [5, "import.value_invalid"],
      [5, "import.no_variants"],
      [9, "import.handle_missing"],
    ])
  })

  const good = { Handle: "good" }
  const later = { Handle: "later" }
  it.each<[string, Row[], [number, string][], string[]]>([
    [
      "a row without a handle",
      [aRow(good), aRow({ Handle: " " }), aRow(later)],
      [[3, "handle_missing"]],
      ["good", "later"],
    ],
    ["a handle that is none", [aRow({ Handle: "a b/c" }), aRow(good)], [[2, "handle_invalid"]], ["good"]],
    ["a product without a title", [aRow({ Title: "" }), aRow(good)], [[2, "title_missing"]], ["good"]],
    ["a title without end", [aRow({ Title: "x".repeat(501) }), aRow(good)], [[2, "title_missing"]], ["good"]],
    [
      "a price that is none",
      [aRow({ "Variant Price": "12,50" }), aRow(good)],
      [
        [2, "value_invalid"],
        [2, "no_variants"],
      ],
      ["good"],
    ],
    [
      "a price below zero, and one beyond all shops",
      [
        aRow({ ...good, "Option1 Name": "Size", "Option1 Value": "S" }),
        { Handle: "good", "Option1 Value": "M", "Variant Price": "-1" },
        { Handle: "good", "Option1 Value": "L", "Variant Price": "1e15" },
      ],
      [
        [3, "value_invalid"],
        [4, "value_invalid"],
      ],
      ["good"],
    ],
    [
      "a compare-at price, grams and a quantity that are none",
      [
        aRow({ ...good, "Option1 Name": "Size", "Option1 Value": "S" }),
        { Handle: "good", "Option1 Value": "M", "Variant Price": "1", "Variant Compare At Price": "x" },
        { Handle: "good", "Option1 Value": "L", "Variant Price": "1", "Variant Grams": "heavy" },
        { Handle: "good", "Option1 Value": "XL", "Variant Price": "1", "Variant Inventory Qty": "1.5" },
      ],
      [
        [3, "value_invalid"],
        [4, "value_invalid"],
        [5, "value_invalid"],
      ],
      ["good"],
    ],
    [
      "a variant twice, and one without a value",
      [
        aRow({ ...good, "Option1 Name": "Size", "Option1 Value": "S" }),
        { Handle: "good", "Option1 Value": "S", "Variant Price": "1" },
        { Handle: "good", "Option1 Value": "", "Variant Price": "1" },
      ],
      [
        [3, "variant_repeated"],
        [4, "value_invalid"],
      ],
      ["good"],
    ],
    [
      "a handle that comes again later, in other letters",
      [aRow(good), aRow(later), aRow({ Handle: "GOOD" })],
      [[4, "handle_repeated"]],
      ["good", "later"],
    ],
    [
      "an image that is none, and a row that is nothing",
      [aRow({ ...good, "Image Src": "javascript:alert(1)" }), { Handle: "good" }],
      [
        [3, "value_invalid"],
        [2, "value_invalid"],
      ],
      ["good"],
    ],
    ["a NUL character", [aRow({ Title: "a\0b" }), aRow(good)], [[2, "row_unreadable"]], ["good"]],
  ])("refuses %s with its line, and takes the rest", async (_, rows, refused, taken) => {
    const found = await read(csvOf(rows))

    expect(found.refusals.map(({ line, code }) => [line, code])).toEqual(
      refused.map(([line, code]) => [line, `import.${code}`]),
    )
    expect(found.refusals.every(({ reason }) => reason.length > 20)).toBe(true)
    expect(found.drafts.map(({ handle }) => handle)).toEqual(taken)
  })

  const [header, first, second, third] = csvOf([
    aRow({ Handle: "a" }),
    aRow({ Handle: "b" }),
    aRow({ Handle: "c", "Body (HTML)": 'two\nlines, "quoted"' }),
  ]).split(/\n(?=[abc],)/) as [string, string, string, string]
  it.each([
    ["a quote left open in the middle", [first, 'x,"Open,,,', second, third], [3], ["a", "b", "c"]],
    ["a quote left open at the end", [first, second, 'x,"Open'], [4], ["a", "b"]],
    ["a quote closed too early", [first, 'x,"Early" bird",,', third], [3], ["a", "c"]],
    ["too few cells", [first, "x,Few", second], [3], ["a", "b"]],
    ["too many cells", [first, `${second},more`, third], [3], ["a", "c"]],
    ["a record beyond all bounds", [first, `x,"${"y".repeat(1_200_000)}"`, second], [3], ["a", "b"]],
  ])("refuses %s, and takes the rest", async (_, lines, refused, taken) => {
    const found = await read([header, ...lines].join("\n"))

    expect(found.refusals.map(({ line, code }) => [line, code])).toEqual(
      refused.map((line) => [line, "import.row_unreadable"]),
    )
    expect(found.drafts.map(({ handle }) => handle)).toEqual(taken)
  })

  it("refuses rows that are not UTF-8, and takes the rest", async () => {
    const [bad, rest] = [
      Buffer.from(`${header}\nx,Caf\u00E9,${first.slice(7)}\n`, "latin1"),
      Buffer.from(`${second}\n`),
    ]

    const found = await read(Buffer.concat([bad, rest]))

    expect(found.refusals).toMatchObject([{ line: 2, code: "import.row_unreadable" }])
    expect(found.drafts.map(({ handle }) => handle)).toEqual(["b"])
  })

  it.each([
    ["an empty file", "", ["Handle", "Title", "Variant Price"]],
    ["another CSV", "id,name\n1,Lamp\n", ["Handle", "Title", "Variant Price"]],
    ["a file without prices", "Handle,Title\nlamp,Lamp\n", ["Variant Price"]],
    ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), ["Handle", "Title", "Variant Price"]],
  ])("does not take %s for one", async (_, file, missing) => {
    await expect(read(file)).rejects.toMatchObject({
      code: "import.not_a_shopify_export",
      kind: "invalid",
      details: { missing },
    })
  })

  it("takes no more rows for one product than a product can have", async () => {
    const rows = Array.from({ length: MAX_ROWS_PER_PRODUCT + 2 }, (_, index) =>
      index === 0
        ? aRow({ "Option1 Name": "No", "Option1 Value": "0" })
        : { Handle: "lamp", "Option1 Value": String(index), "Variant Price": "1" },
    )

    const { drafts: found, refusals } = await read(csvOf(rows))

    expect(found[0]?.variants).toHaveLength(MAX_ROWS_PER_PRODUCT)
    expect(refusals.map(({ line, code }) => [line, code])).toEqual([
      [MAX_ROWS_PER_PRODUCT + 2, "import.too_many_variants"],
      [MAX_ROWS_PER_PRODUCT + 3, "import.too_many_variants"],
    ])
  })

  it("lets go of the file when its reader stops early", async () => {
    const source = sourceOf(csvOf(Array.from({ length: 5_000 }, (_, index) => aRow({ Handle: `p-${index}` }))))

    for await (const _ of readShopifyCsv(source)) break

    expect(source.destroyed).toBe(true)
  })
})

describe("a draft", () => {
  const one = async (row: Row, ...more: Row[]) => {
    const { drafts: found } = await read(csvOf([aRow(row), ...more.map((next) => ({ Handle: "lamp", ...next }))]))
    return found[0] as ProductDraft
  }

  it.each([
    ["true", "", true],
    ["TRUE", "active", true],
    ["", "Active", true],
    ["false", "active", false],
    ["true", "draft", false],
    ["true", "archived", false],
  ])("is shown when the file says Published %s and Status %s", async (published, status, shown) => {
    expect((await one({ Published: published, Status: status })).published).toBe(shown)
  })

  it.each([
    ["10", "12", "12"],
    ["10", "10", null],
    ["10", "8", null],
    ["10", "", null],
  ])("that costs %s and %s before is on sale only if that was more", async (price, before, compareAt) => {
    const { variants } = await one({ "Variant Price": price, "Variant Compare At Price": before })

    expect(variants[0]).toMatchObject({ price, compareAtPrice: compareAt })
  })

  it("has no options when there is one of it", async () => {
    expect(await one({})).toMatchObject({ options: [], variants: [{ options: [] }] })
  })

  it("has images in the order of their positions, each once, and those that only variants name behind", async () => {
    const { images, variants } = await one(
      { "Image Src": "/b.png", "Image Position": "2", "Variant Image": "/c.png" },
      { "Image Src": "/a.png", "Image Position": "1", "Image Alt Text": "Front" },
      { "Image Src": "/b.png", "Image Position": "3" },
    )

    expect(images).toEqual([
      { url: "/a.png", alt: "Front" },
      { url: "/b.png", alt: null },
      { url: "/c.png", alt: null },
    ])
    expect(variants[0]?.image).toBe("/c.png")
  })

  it("weighs grams, and remembers the unit that the shop shows", async () => {
    const { variants } = await one({ "Variant Grams": "1250.50", "Variant Weight Unit": "kg" })

    expect(variants[0]).toMatchObject({ weight: "1250.5", weightUnit: "kg" })
  })
})
