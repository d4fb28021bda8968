import { configure } from "@marquetry/backend"
import { ApiKeyService } from "@marquetry/api-key"
import { createBackend } from "@marquetry/framework"
import type { Composition } from "@marquetry/kernel"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { productImporter } from "@marquetry/product-csv"
import { RegionService } from "@marquetry/region"
import { SalesChannelService } from "@marquetry/sales-channel"
import { StockLocationService } from "@marquetry/stock-location"
import { StoreService } from "@marquetry/store"
import pg from "pg"
import { drafts } from "../catalogue.ts"
import { startChild, type Child } from "../child.ts"
import { environmentFor } from "../environment.ts"
import { header, loadCells, loadHeader, measure, row, type Load } from "../selling/measure.ts"
import { tellStatements } from "../selling/statements.ts"
import { postmasterOf } from "../selling/usage.ts"
import { Merchant } from "./merchant.ts"

export interface ImportOptions {
  readonly products: number
  /** Products per request, or per transaction of the importer. */
  readonly batch: number
  readonly connections: readonly number[]
  /** A folder for profiles of the server's CPU. */
  readonly profiles?: string | undefined
  /** Whether to tell what Postgres does, statement by statement; the server has `pg_stat_statements` then. */
  readonly statements: boolean
}

/** An empty shop, ready to take products in. */
interface EmptyShop {
  readonly secret: string
  readonly channelId: string
  readonly locationId: string
  readonly postmaster: number
}

/**
 * Takes `products` products of five variants in, with prices in two currencies, stock and a channel: by the Admin API, in
 * batches, and by the importer of files. Each begins with an empty database.
 *
 * @throws when not all of it is there in the end.
 */
export async function benchImport(options: ImportOptions): Promise<void> {
  const { products, batch } = options
  process.stdout.write(
    `\nimport: ${products} products × 5 variants, two currencies, stock, a channel; ${batch} products a batch\n\n${header(["by", ...loadHeader])}`,
  )
  for (const connections of options.connections) {
    const load = await inEmptyShop(options, (url, shop) => byHttp(url, shop, { ...options, lanes: connections }))
    process.stdout.write(row(["POST /admin/products/batch", ...loadCells(connections, load)]))
  }
  const load = await inEmptyShop(options, (url, shop) => byImporter(url, shop, options))
  process.stdout.write(row(["importer, without stock", ...loadCells(1, load)]))
}

async function inEmptyShop(
  { products, statements }: ImportOptions,
  work: (url: string, shop: EmptyShop) => Promise<Load>,
): Promise<Load> {
  const database = await createTestDatabase()
  try {
    const backend = await createBackend(configure(environmentFor(database.url)))
    const shop = await makeEmptyShop(backend.composition)
    await backend.close()
    const load = await watched(database.url, statements, () => work(database.url, shop))
    await assertTaken(database.url, products)
    return load
  } finally {
    await database.drop()
  }
}

async function watched(url: string, statements: boolean, work: () => Promise<Load>): Promise<Load> {
  if (!statements) return work()
  let load: Load | undefined
  await tellStatements(url, async () => (load = await work()).operations)
  return load as unknown as Load
}

export async function makeEmptyShop({ container, database }: Composition): Promise<EmptyShop> {
  const channel = await container.resolve(SalesChannelService).create({ name: "Web" })
  const region = await container
    .resolve(RegionService)
    .create({ name: "Europe", currencyCode: "eur", countries: ["de"] })
  await container.resolve(StoreService).create({
    name: "Bench",
    supportedCurrencies: [{ currencyCode: "eur", isDefault: true }, { currencyCode: "usd" }],
    defaultRegionId: region.id,
    defaultSalesChannelId: channel.id,
  })
  const location = await container.resolve(StockLocationService).create({ name: "Warehouse" })
  const key = await container.resolve(ApiKeyService).create({ type: "secret", title: "Bench" })
  const [connection] = await database.sql<{ pid: number }>("select pg_backend_pid() as pid")
  const postmaster = await postmasterOf(connection?.pid ?? 0)
  return { secret: key.token, channelId: channel.id, locationId: location.id, postmaster }
}

async function byHttp(
  url: string,
  { secret, channelId, locationId, postmaster }: EmptyShop,
  { products, batch, lanes, profiles }: ImportOptions & { readonly lanes: number },
): Promise<Load> {
  const server: Child = await startChild("backend-server.ts", [url], { profiles })
  const merchants = Array.from({ length: lanes }, () => new Merchant(server.address, secret))
  try {
    return await measure({ servers: [server], postmaster }, async () => {
      let next = 0
      await Promise.all(
        merchants.map(async (merchant) => {
          while (next < products) {
            const from = next
            next += batch
            await merchant.takeIn({ from, count: Math.min(batch, products - from), channelId, locationId })
          }
        }),
      )
      return products
    })
  } finally {
    for (const merchant of merchants) merchant.leave()
    await server.stop()
  }
}

/** In this process, as `--import` does: its CPU counts as the client's. */
async function byImporter(url: string, shop: EmptyShop, { products, batch }: ImportOptions): Promise<Load> {
  const backend = await createBackend(configure(environmentFor(url)))
  try {
    return await measure({ servers: [], postmaster: shop.postmaster }, async () => {
      const { created } = await productImporter(backend.composition.container).run(drafts(products), {
        prices: [{ currencyCode: "eur" }, { currencyCode: "usd", factor: "1.1" }],
        salesChannelIds: [shop.channelId],
        batchSize: batch,
      })
      return created
    })
  } finally {
    await backend.close()
  }
}

async function assertTaken(url: string, products: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ products: number; variants: number; prices: number; items: number }>(
    `select (select count(*)::int from product.product) as products,
       (select count(*)::int from product.product_variant) as variants,
       (select count(*)::int from pricing.price) as prices,
       (select count(*)::int from inventory.inventory_item) as items`,
  )
  await client.end()
  const [found] = rows
  const isAll =
    found?.products === products &&
    found.variants === products * 5 &&
    found.prices >= products * 10 &&
    found.items === products * 5
  if (!isAll) throw new Error(`${products} products were taken in: ${JSON.stringify(found)}`)
}
