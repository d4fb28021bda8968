import { createReadStream } from "node:fs"
import { join } from "node:path"
import { ApiKeyService } from "@marquetry/api-key"
import { apiKeySalesChannel } from "@marquetry/flows"
import { Links, type Composition, type DependencyContainer } from "@marquetry/kernel"
import { PricePreferenceService } from "@marquetry/pricing"
import { productImporter, readShopifyCsv, type ImportSummary } from "@marquetry/product-import"
import { RegionService } from "@marquetry/region"
import { SalesChannelService } from "@marquetry/sales-channel"
import { StoreService } from "@marquetry/store"

const demoDirectory = join(import.meta.dirname, "../demo")

/** What a dollar costs in the demo shop; believable, and the same on every machine. */
const DOLLARS_PER_EURO = "1.1"

const EUROPE = ["at", "be", "de", "dk", "es", "fi", "fr", "ie", "it", "lu", "nl", "pt", "se"]

/**
 * Makes the demo shop in a database that has no store yet: two regions, a sales channel, a publishable key, and the
 * catalogue of `demo/catalogue.csv`. All in one transaction: a start that is cut short leaves nothing, and of several that
 * come at once the first makes the shop, and the others find it.
 *
 * @param onBegin called when there is a shop to make.
 * @returns what the import made, or `undefined` when there is a shop already.
 */
export async function ensureDemoShop(
  { container, database }: Composition,
  onBegin: () => void = () => {},
): Promise<ImportSummary | undefined> {
  return database.transaction(async () => {
    await database.run("select pg_advisory_xact_lock(hashtextextended('marquetry.backend.demo_shop', 0))")
    const { rows } = await container.resolve(StoreService).list({ limit: 1 })
    if (rows.length > 0) return undefined
    onBegin()
    const salesChannelId = await makeShop(container)
    const catalogue = readShopifyCsv(createReadStream(join(demoDirectory, "catalogue.csv")))
    return productImporter(container).run(catalogue, {
      prices: [{ currencyCode: "eur" }, { currencyCode: "usd", factor: DOLLARS_PER_EURO }],
      salesChannelIds: [salesChannelId],
    })
  })
}

/** Everything but the catalogue. @returns the sales channel. */
async function makeShop(container: DependencyContainer): Promise<string> {
  const channel = await container.resolve(SalesChannelService).create({ name: "Web shop" })
  const key = await container.resolve(ApiKeyService).create({ type: "publishable", title: "Demo storefront" })
  await container.resolve(Links).add(apiKeySalesChannel, [[key.id, channel.id]])
  const regions = container.resolve(RegionService)
  const europe = await regions.create({ name: "Europe", currencyCode: "eur", countries: EUROPE })
  await regions.create({ name: "United States", currencyCode: "usd", countries: ["us"] })
  await container
    .resolve(PricePreferenceService)
    .set({ attribute: "currency_code", value: "eur", isTaxInclusive: true })
  await container.resolve(StoreService).create({
    name: "Burl & Banding",
    supportedCurrencies: [{ currencyCode: "eur", isDefault: true }, { currencyCode: "usd" }],
    defaultRegionId: europe.id,
    defaultSalesChannelId: channel.id,
  })
  return channel.id
}
