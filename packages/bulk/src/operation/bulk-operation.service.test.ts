import { CustomerService } from "@marquetry/customer"
import { FileService } from "@marquetry/file"
import { InventoryItemService } from "@marquetry/inventory"
import { anInventoryItem } from "@marquetry/inventory/testing"
import type { Composition } from "@marquetry/kernel"
import { OrderService } from "@marquetry/order"
import { anOrder } from "@marquetry/order/testing"
import { ProductService } from "@marquetry/product"
import { aProduct, aShirt } from "@marquetry/product/testing"
import { SalesChannelService } from "@marquetry/sales-channel"
import { StockLocationService } from "@marquetry/stock-location"
import { StoreService } from "@marquetry/store"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createBulkShop, two, type BulkShop } from "../../test/shop.ts"
import type { BulkOperations } from "../index.ts"

describe("bulk operations", () => {
  let bulk: BulkShop
  let shop: Composition
  let operations: BulkOperations

  beforeAll(async () => {
    bulk = await createBulkShop()
    shop = bulk.shop
    operations = bulk.operations
  })
  afterAll(() => bulk.drop())
  beforeEach(() => bulk.clear())

  const handles = async () => {
    const { rows } = await bulk.service(ProductService).list({ order: { handle: "asc" } })
    return rows.map(({ handle }) => handle)
  }

  describe("an import", () => {
    it("says what it would do, and does it once it is confirmed", async () => {
      await bulk.service(ProductService).create(aProduct({ title: "Lamp", handle: "lamp" }))
      const fileId = await bulk.fileOf(`${two}broken,,\n`)

      const { transactionId, summary } = await operations.prepareProductImport({ fileId, requestedBy: "user_1" })
      const before = [await handles(), await operations.runNext()]
      await operations.confirm(transactionId)
      const ran = [await operations.runNext(), await operations.runNext()]

      expect(summary).toEqual({ toCreate: 2, toUpdate: 1 })
      expect(before).toEqual([["lamp"], false])
      expect(ran).toEqual([true, false])
      expect(await handles()).toEqual(["lamp", "vase"])
      expect(await operations.get(transactionId)).toMatchObject({
        kind: "product-import",
        status: "done",
        fileIdIn: fileId,
        fileIdOut: null,
        requestedBy: "user_1",
        attempts: 1,
        error: null,
        summary: {
          toCreate: 2,
          toUpdate: 1,
          created: 1,
          updated: 1,
          unchanged: 0,
          refused: 1,
          refusals: [{ line: 4, handle: "broken", code: "import.title_missing" }],
        },
      })
      expect(await bulk.told()).toEqual([
        {
          title: "Product import",
          description:
            "Product import of file products.csv completed: 1 made, 1 changed, 0 unchanged; 1 rows or cells were refused.",
        },
      ])
      expect(await bulk.events()).toEqual(["bulk.done"])
    })

    it("is priced and sold as the store says, where its file does not", async () => {
      const channel = await bulk.service(SalesChannelService).create({ name: "Web" })
      await bulk.service(StoreService).create({
        name: "Shop",
        defaultSalesChannelId: channel.id,
        supportedCurrencies: [{ currencyCode: "usd", isDefault: true }],
      })
      const fileId = await bulk.fileOf("Handle,Title,Variant Price\nlamp,Lamp,10\n")

      const { transactionId } = await operations.prepareProductImport({ fileId })
      await operations.confirm(transactionId)
      await operations.runNext()

      const prices = await shop.database.sql(`select currency_code, amount::text from pricing.price`)
      const sold = await shop.database.sql(`select sales_channel_id from link.product_sales_channel`)
      expect(prices).toEqual([{ currency_code: "usd", amount: "10" }])
      expect(sold).toEqual([{ sales_channel_id: channel.id }])
    })

    it.each([
      ["a file that is none of products", "id,name\n", "import.format_unknown"],
      [
        "a file whose amounts are of no currency",
        "Handle,Title,Variant Price\nlamp,Lamp,10\n",
        "import.currency_missing",
      ],
    ])("is not prepared of %s", async (_, content, code) => {
      await expect(operations.prepareProductImport({ fileId: await bulk.fileOf(content) })).rejects.toMatchObject({
        code,
      })

      expect((await operations.list()).rows).toEqual([])
    })

    it("is not prepared of a file that there is not", async () => {
      await expect(operations.prepareProductImport({ fileId: "file_none" })).rejects.toMatchObject({
        code: "resource.not_found",
      })
    })

    it("is confirmed by one of many who confirm it at once", async () => {
      const { transactionId } = await operations.prepareProductImport({ fileId: await bulk.fileOf(two) })

      const results = await Promise.allSettled(Array.from({ length: 8 }, () => operations.confirm(transactionId)))

      const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
      expect(lost).toHaveLength(7)
      expect(lost).toEqual(
        Array.from({ length: 7 }, () => expect.objectContaining({ code: "bulk.not_awaiting_confirmation" })),
      )
      await expect(operations.confirm("bulkop_none")).rejects.toMatchObject({ code: "resource.not_found" })
    })

    it("changes nothing when it is of what was exported", async () => {
      await bulk.service(ProductService).createMany([aShirt(), aProduct({ title: "Lamp" })])
      const exported = await operations.exportProducts()
      await operations.runNext()
      const { fileIdOut } = await operations.get(exported)

      const { transactionId, summary } = await operations.prepareProductImport({ fileId: fileIdOut as string })
      await operations.confirm(transactionId)
      await operations.runNext()

      expect(summary).toEqual({ toCreate: 0, toUpdate: 2 })
      expect((await operations.get(transactionId)).summary).toMatchObject({
        created: 0,
        updated: 0,
        unchanged: 2,
        refused: 0,
      })
    })
  })

  describe("an export", () => {
    it("of products has those that were asked for, in a private file that is announced", async () => {
      await bulk
        .service(ProductService)
        .createMany([aProduct({ handle: "shown" }), aProduct({ handle: "hidden", status: "draft" })])

      const id = await operations.exportProducts({ filter: { status: "published" }, requestedBy: "user_1" })
      await operations.runNext()

      const lines = (await bulk.contentOf(id)).trim().split("\n")
      expect(lines).toHaveLength(2)
      expect(lines[0]).toMatch(/^Product Id,Product Handle,Product Title,/)
      expect(lines[1]).toContain(",shown,")
      const { fileIdOut } = await operations.get(id)
      const file = await bulk.service(FileService).get(fileIdOut as string)
      expect(file).toMatchObject({ access: "private", mimeType: "text/csv", createdBy: "user_1" })
      expect(file.filename).toMatch(/^\d+-product-exports\.csv$/)
      expect(await bulk.told()).toEqual([
        {
          title: "Product export",
          description: "Product export completed successfully!",
          file: {
            id: file.id,
            filename: file.filename,
            url: expect.stringContaining("https://"),
            mimeType: "text/csv",
          },
        },
      ])
    })

    it("of products may be in Shopify's format, in one currency, and says what has no room there", async () => {
      const options = ["A", "B", "C", "D"].map((title) => ({ title, values: ["1"] }))
      const choice = Object.fromEntries(options.map(({ title }) => [title, "1"]))
      await bulk
        .service(ProductService)
        .createMany([
          aProduct({ handle: "lamp", variants: [{ title: "Lamp" }] }),
          aProduct({ handle: "four", options, variants: [{ options: choice }] }),
        ])

      await expect(operations.exportProducts({ format: "shopify" })).rejects.toMatchObject({
        code: "bulk.currency_missing",
      })
      const id = await operations.exportProducts({ format: "shopify", currencyCode: "EUR" })
      await operations.runNext()

      expect(await bulk.contentOf(id)).toMatch(/^Handle,Title,[^\n]*\nlamp,Shirt,[^\n]*\n$/)
      expect((await operations.get(id)).summary).toEqual({
        exported: 1,
        leftOut: [{ handle: "four", reason: expect.stringContaining("4 options") }],
      })
    })

    it("of orders has a row for each, drafts apart, and nothing that a spreadsheet computes", async () => {
      const customer = await bulk.service(CustomerService).create({
        email: "ada@example.com",
        firstName: "=1+1",
        lastName: "Love",
      })
      const placed = await bulk.service(OrderService).create(
        anOrder({
          customerId: customer.id,
          shippingAddress: { address1: "@Dok 7", city: "Ghent", countryCode: "be", postalCode: "9000" },
        }),
      )
      const other = await bulk.service(OrderService).create(anOrder())
      const drafts = ["draft", "archived"]
      for (const status of drafts) {
        const { id } = await bulk.service(OrderService).create(anOrder())
        await shop.database.run(`update "order"."order" set is_draft_order = true, status = $2 where id = $1`, [
          id,
          status,
        ])
      }

      const id = await operations.exportOrders()
      await operations.runNext()

      const [names = "", ...rows] = (await bulk.contentOf(id)).trim().split("\n")
      const cells = Object.fromEntries(names.split(",").map((name, index) => [name, rows[0]?.split(",")[index]]))
      expect(rows.map((row) => row.split(",")[0])).toEqual([placed.id, other.id])
      expect(cells).toMatchObject({
        Order_ID: placed.id,
        Display_ID: String(placed.displayId),
        "Order status": "pending",
        "Customer First name": "'=1+1",
        "Customer Last name": "Love",
        "Customer Email": "ada@example.com",
        "Shipping Address 1": "'@Dok 7",
        "Shipping City": "Ghent",
        "Fulfillment Status": "not_fulfilled",
        "Payment Status": "not_paid",
        Total: "10",
        "Currency Code": "eur",
      })
      expect((await operations.get(id)).summary).toEqual({ exported: 2 })
    })

    it("of stock has a row for each item and location, and one for what is nowhere", async () => {
      const [ghent, antwerp] = await bulk
        .service(StockLocationService)
        .createMany([{ name: "Ghent" }, { name: "Antwerp" }])
      await bulk.service(InventoryItemService).createMany([
        anInventoryItem({
          sku: "BOARD",
          locationLevels: [
            { locationId: ghent?.id as string, stockedQuantity: 5, incomingQuantity: 2 },
            { locationId: antwerp?.id as string, stockedQuantity: 1 },
          ],
        }),
        anInventoryItem({ sku: "NOWHERE" }),
      ])

      const id = await operations.exportInventory()
      await operations.runNext()

      const [names, ...rows] = (await bulk.contentOf(id)).trim().split("\n")
      expect(names).toBe("SKU,Title,Location,Location ID,Stocked Quantity,Reserved Quantity,Incoming Quantity")
      expect(rows.toSorted()).toEqual([
        `BOARD,Board,Antwerp,${antwerp?.id},1,0,0`,
        `BOARD,Board,Ghent,${ghent?.id},5,0,2`,
        "NOWHERE,Board,,,,,",
      ])
    })

    it.each(["exportProducts", "exportOrders", "exportInventory"] as const)(
      "is not queued by %s when its filter cannot be read",
      async (method) => {
        await expect(operations[method]({ filter: { colour: "red" } })).rejects.toMatchObject({ code: "query.invalid" })
        await expect(operations[method]({ filter: 7 as never })).rejects.toMatchObject({ code: "input.invalid" })

        expect((await operations.list()).rows).toEqual([])
      },
    )
  })
})
