import { orderFulfillment, registerFlows } from "@marquetry/flows"
import { fileModule, FileService, ProviderUnavailable } from "@marquetry/file"
import { aFile, memoryFiles } from "@marquetry/file/testing"
import { FulfillmentService, fulfillmentModule, type FulfillmentProvider } from "@marquetry/fulfillment"
import { aFulfillment } from "@marquetry/fulfillment/testing"
import { InventoryItemService, inventoryModule, ReservationService } from "@marquetry/inventory"
import { compose, type Composition } from "@marquetry/kernel"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { NotificationService, notificationModule } from "@marquetry/notification"
import { aNotification, recordingProvider } from "@marquetry/notification/testing"
import { orderModule } from "@marquetry/order"
import { PaymentCollectionService, paymentModule, PaymentSessionService } from "@marquetry/payment"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, beforeAll, expect, it } from "vitest"
import { housekeeping } from "../src/housekeeping.ts"

let database: Awaited<ReturnType<typeof createTestDatabase>>
let shop: Composition
let bank: FakePaymentServer
const mail = recordingProvider()
const disk = memoryFiles()
/** Parcels that the carrier has refused, by their SKU. */
const refused: string[] = []

const carrier: FulfillmentProvider = {
  id: "carrier",
  asksOutside: true,
  services: () => [],
  validateOption: () => true,
  validateData: (_option, data) => data,
  canCalculate: () => false,
  calculatePrice: () => ({ calculatedAmount: 0, isCalculatedPriceTaxInclusive: false }),
  createFulfillment: ({ items }) => {
    const sku = items[0]?.sku as string
    if (sku !== "ANVIL") return {}
    refused.push(sku)
    throw new Error("Too heavy")
  },
  cancelFulfillment: () => {},
}

beforeAll(async () => {
  database = await createTestDatabase()
  bank = await startFakePaymentServer()
  shop = await compose({
    database: database.url,
    modules: [
      fileModule({ providers: [disk] }),
      inventoryModule,
      orderModule,
      fulfillmentModule({ providers: [carrier] }),
      notificationModule({ providers: [mail] }),
      paymentModule({ providers: [httpPayment({ url: bank.url })], recoverAfter: 0 }),
    ],
    links: [orderFulfillment],
    register: registerFlows,
  })
  await shop.migrate()
})
afterAll(async () => {
  await shop.close()
  await bank.close()
  await database.drop()
})

async function run(name: string): Promise<void> {
  const job = housekeeping.jobs?.find((candidate) => candidate.name === name)
  await job?.run(shop.container, new AbortController().signal)
}

it("gives stock back that was reserved for too long", async () => {
  const items = shop.container.resolve(InventoryItemService)
  const reservations = shop.container.resolve(ReservationService)
  const { id } = await items.create({ sku: "MUG", locationLevels: [{ locationId: "sloc_1", stockedQuantity: 1 }] })
  const lines = [{ inventoryItemId: id, quantity: 1 }]
  await reservations.reserve({ lines, locationIds: ["sloc_1"], expiresAt: new Date(Date.now() - 1_000) })

  await run("inventory.release-expired")

  expect(await reservations.reserve({ lines, locationIds: ["sloc_1"] })).toHaveLength(1)
})

it("sends what was recorded in a transaction", async () => {
  const notifications = shop.container.resolve(NotificationService)
  const { id, status } = await shop.database.transaction(() => notifications.create(aNotification()))

  await run("notification.retry")

  expect([status, (await notifications.get(id)).status, mail.sent.length]).toEqual(["pending", "success", 1])
})

it("hands parcels over that a crash has kept from their carrier, and tells of those that it refuses", async () => {
  const fulfillments = shop.container.resolve(FulfillmentService)
  const made = await shop.database.transaction(() =>
    Promise.all(
      ["ANVIL", "MUG"].map((sku) =>
        fulfillments.create(aFulfillment({ providerId: "carrier", items: [{ title: sku, sku, quantity: 1 }] })),
      ),
    ),
  )
  await run("fulfillment.hand-over")
  await shop.database.run(`update fulfillment.fulfillment set created_at = created_at - interval '1 hour'`)

  await expect(run("fulfillment.hand-over")).rejects.toMatchObject({ errors: [{ message: "Too heavy" }] })

  const left = await fulfillments.unfinished(new Date())
  expect([refused, left.map(({ id }) => id)]).toEqual([["ANVIL"], [made[0]?.id]])
})

it("asks what became of payments whose answer was lost, and tells of those that nobody knows of", async () => {
  const collections = shop.container.resolve(PaymentCollectionService)
  const sessions = shop.container.resolve(PaymentSessionService)
  const { id } = await collections.create({ currencyCode: "eur", amount: 20 })
  const session = await sessions.create(id, { providerId: "pp_fake_http" })
  bank.behave({ cut: "after" })
  await expect(sessions.authorize(session.id)).rejects.toMatchObject({ code: "payment.provider_unavailable" })

  await expect(run("payment.recover")).rejects.toMatchObject({ errors: [{ code: "payment.provider_unavailable" }] })
  bank.behave({})
  await shop.database.run(`update payment.payment_session set claimed_at = claimed_at - interval '1 day'`)
  await run("payment.recover")

  expect((await collections.get(id)).status).toBe("authorized")
})

it("removes the content of files that were deleted, and tells of what it could not remove", async () => {
  const files = shop.container.resolve(FileService)
  const { id, key } = await files.upload(aFile())
  disk.before = () => {
    throw new ProviderUnavailable(disk.id, "no answer")
  }
  await shop.database.transaction(() => files.delete(id))
  await shop.database.run(`update "file"."unclaimed_content" set due_at = now() - interval '1 second'`)

  await expect(run("file.remove-unclaimed")).rejects.toThrow(id)
  const kept = disk.contents.has(key)
  disk.before = undefined
  await shop.database.run(`update "file"."unclaimed_content" set due_at = now() - interval '1 second'`)
  await run("file.remove-unclaimed")

  expect([kept, disk.contents.has(key)]).toEqual([true, false])
})
