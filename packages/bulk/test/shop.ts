import { text } from "node:stream/consumers"
import { apiKeyModule } from "@marquetry/api-key"
import { customerModule, customerResource } from "@marquetry/customer"
import { fileModule, FileService, type FileProvider } from "@marquetry/file"
import { memoryFiles } from "@marquetry/file/testing"
import { catalogueLinks, orderPaymentCollection, paymentStatus } from "@marquetry/flows"
import { inventoryModule, variantInventoryItemResource } from "@marquetry/inventory"
import { compose, linkByColumn, type Composition, type DatabaseSource, type InjectionToken } from "@marquetry/kernel"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { notificationModule, NotificationService, type NotificationProvider } from "@marquetry/notification"
import { recordingProvider } from "@marquetry/notification/testing"
import { orderModule, orderResource } from "@marquetry/order"
import { manualPayment, paymentModule } from "@marquetry/payment"
import { pricingModule } from "@marquetry/pricing"
import { productModule, variantResource } from "@marquetry/product"
import { salesChannelModule } from "@marquetry/sales-channel"
import { stockLocationModule } from "@marquetry/stock-location"
import { storeModule } from "@marquetry/store"
import { bulkModule, BulkOperations, type BulkOptions } from "../src/index.ts"

export interface ShopOptions {
  readonly files: FileProvider
  readonly messengers: readonly NotificationProvider[]
  readonly bulk?: BulkOptions
}

/** A composition with everything that is imported and exported. Nothing starts by itself unless said. */
export async function openShop(
  database: DatabaseSource | undefined,
  { files, messengers, bulk = {} }: ShopOptions,
): Promise<Composition> {
  const composition = await compose({
    ...(database !== undefined && { database }),
    modules: [
      storeModule,
      salesChannelModule,
      apiKeyModule,
      productModule,
      pricingModule,
      stockLocationModule,
      inventoryModule,
      customerModule,
      paymentModule({ providers: [manualPayment] }),
      orderModule,
      fileModule({ providers: [files] }),
      notificationModule({ providers: messengers }),
      bulkModule({ startsAtOnce: false, backoff: 0, ...bulk }),
    ],
    links: [
      ...catalogueLinks,
      orderPaymentCollection,
      linkByColumn(orderResource, customerResource, { column: "customerId", as: "customer" }),
      linkByColumn(variantInventoryItemResource, variantResource, {
        column: "variantId",
        as: "variant",
        inverse: "inventory_items",
      }),
    ],
    computed: [paymentStatus],
    events: { relay: false },
  })
  await composition.migrate()
  return composition
}

export const two = "Product Handle,Product Title,Variant Price EUR\nlamp,Lamp,10\nvase,Vase,20\n"

/** A shop with its files in memory, and what the tests of operations ask it again and again. */
export async function createBulkShop() {
  const disk = memoryFiles()
  const database = await createTestDatabase()
  const options = { files: disk, messengers: [recordingProvider(["feed"])] }
  const shop = await openShop(database.url, options)
  const service = <Service>(token: InjectionToken<Service>, of = shop) => of.container.resolve(token)
  const others: Composition[] = []
  const operations = service(BulkOperations)
  const closeOthers = () => Promise.all(others.splice(0).map((other) => other.close()))
  return {
    shop,
    disk,
    operations,
    service,
    /** Another process over the same database, as good as. */
    another: async (own: Partial<ShopOptions> = {}) => {
      const other = await openShop(database.url, { ...options, ...own })
      others.push(other)
      return other
    },
    fileOf: async (content: string) => {
      const file = { filename: "products.csv", mimeType: "text/csv", content: Buffer.from(content) }
      const { id } = await service(FileService).upload(file)
      return id
    },
    contentOf: async (id: string) => {
      const { fileIdOut } = await operations.get(id)
      const { content } = await service(FileService).read(fileIdOut as string)
      return text(content)
    },
    /** The data of all notifications. */
    told: async () => {
      const { rows } = await service(NotificationService).list()
      return rows.map(({ data }) => data)
    },
    /** Names of the events of operations, in order. */
    events: async () => {
      const rows = await shop.database.sql<{ name: string }>(
        `select name from "marquetry"."outbox" where name like 'bulk.%' order by sequence`,
      )
      return rows.map(({ name }) => name)
    },
    clear: async () => {
      await closeOthers()
      const tables = await shop.database.sql<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname in ('bulk', 'file', 'notification', 'product', 'pricing', 'link', 'store', 'order', 'inventory',
           'customer', 'sales_channel', 'stock_location', 'marquetry') and tablename <> 'migrations'`,
      )
      await shop.database.run(`truncate ${tables.map(({ name }) => name).join(", ")} cascade`)
      disk.before = undefined
    },
    drop: async () => {
      await closeOthers()
      await shop.close()
      await database.drop()
    },
  }
}

export type BulkShop = Awaited<ReturnType<typeof createBulkShop>>
