import { readFileSync } from "node:fs"
import { apiKeyModule } from "@marquetry/api-key"
import { catalogueLinks } from "@marquetry/flows"
import { compose, type Composition } from "@marquetry/kernel"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { SalesChannelService, salesChannelModule } from "@marquetry/sales-channel"
import { productImporter, readShopifyCsv, type ImportOptions } from "../src/index.ts"
import { sourceOf } from "./csv.ts"

/** A composition that an import can write into. */
export async function openShop(url: string) {
  const composition = await compose({
    database: url,
    modules: [salesChannelModule, apiKeyModule, productModule, pricingModule],
    links: catalogueLinks,
    events: { relay: false },
  })
  await composition.migrate()
  return composition
}

export async function createShop() {
  const database = await createTestDatabase()
  const composition = await openShop(database.url)
  const channel = await composition.container.resolve(SalesChannelService).create({ name: "Web" })
  const importer = productImporter(composition.container)
  const sql = <Row extends object>(text: string) => composition.database.sql<Row>(text)
  return {
    ...composition,
    url: database.url,
    channelId: channel.id,
    sql,
    import: (text: string, options: Partial<ImportOptions> = {}) =>
      importer.run(readShopifyCsv(sourceOf(text)), {
        prices: [{ currencyCode: "eur" }],
        salesChannelIds: [channel.id],
        ...options,
      }),
    drop: async () => {
      await composition.close()
      await database.drop()
    },
  }
}

export type Shop = Awaited<ReturnType<typeof createShop>>

/** The rows of all tables with what says when they were written; equal when nothing was. */
export async function contentsOf({ database }: Pick<Composition, "database">): Promise<string> {
  const tables = await database.sql<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('product', 'pricing', 'sales_channel', 'link', 'kernel') order by 1`,
  )
  const rows = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await database.sql<{ rows: string }>(
        `select coalesce(json_agg(t order by t::text), '[]')::text as rows from ${name} t`,
      )
      return `${name} ${row?.rows}`
    }),
  )
  return rows.join("\n")
}

/** One of the demo shop's own files, or of the real exports beside the repository; `undefined` when it is not there. */
export function fileAt(path: string): string | undefined {
  try {
    return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")
  } catch {
    return undefined
  }
}
