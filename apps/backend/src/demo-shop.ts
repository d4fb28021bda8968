import { createReadStream } from "node:fs"
import { join } from "node:path"
import { ApiKeyService } from "@marquetry/api-key"
import { apiKeySalesChannel, regionPaymentProvider } from "@marquetry/flows"
import { Links, type Composition, type DependencyContainer } from "@marquetry/kernel"
import { manualPayment } from "@marquetry/payment"
import { PricePreferenceService } from "@marquetry/pricing"
import { productImporter, readShopifyCsv, type ImportSummary, type VariantDraft } from "@marquetry/product-csv"
import { RegionService } from "@marquetry/region"
import { SalesChannelService } from "@marquetry/sales-channel"
import { StoreService } from "@marquetry/store"
import { excludeGiftCards, makePromotions, typeIdOf } from "./demo-shop/promotions.ts"
import { makeShipping, sendAsParcels } from "./demo-shop/shipping.ts"
import { makeLocations, makeStock, sendFrom, type Locations } from "./demo-shop/stock.ts"
import { makeTaxes, VAT } from "./demo-shop/taxes.ts"

const demoDirectory = join(import.meta.dirname, "../demo")

/** What a dollar costs in the demo shop; believable, and the same on every machine. */
const DOLLARS_PER_EURO = "1.1"

const EUROPE = Object.keys(VAT)
const STATES = ["us"]

/**
 * Makes the demo shop in a database that has no store yet: regions, a sales channel with a publishable key, the catalogue of
 * `demo/catalogue.csv`, and all that it takes to sell that. All in one transaction: a start that is cut short leaves nothing,
 * and of several that come at once the first makes the shop, and the others find it.
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
    const { channelId, locations } = await makeStore(container)
    const { summary, variants } = await takeCatalogueIn(container, channelId)
    await letSell(container, locations, variants)
    return summary
  })
}

/** Who sells, where and in which currencies. */
async function makeStore(container: DependencyContainer): Promise<{ channelId: string; locations: Locations }> {
  // Countries come first: another process that starts holds them while it waits for the tables of links.
  const regions = container.resolve(RegionService)
  const europe = await regions.create({ name: "Europe", currencyCode: "eur", countries: EUROPE })
  const states = await regions.create({ name: "United States", currencyCode: "usd", countries: STATES })
  const channel = await container.resolve(SalesChannelService).create({ name: "Web shop" })
  const key = await container.resolve(ApiKeyService).create({ type: "publishable", title: "Demo storefront" })
  const links = container.resolve(Links)
  await links.add(apiKeySalesChannel, [[key.id, channel.id]])
  await links.add(regionPaymentProvider, [
    [europe.id, manualPayment.id],
    [states.id, manualPayment.id],
  ])
  await container
    .resolve(PricePreferenceService)
    .set({ attribute: "currency_code", value: "eur", isTaxInclusive: true })
  const locations = await makeLocations(container, channel.id)
  await container.resolve(StoreService).create({
    name: "Burl & Banding",
    supportedCurrencies: [{ currencyCode: "eur", isDefault: true }, { currencyCode: "usd" }],
    defaultRegionId: europe.id,
    defaultSalesChannelId: channel.id,
    defaultLocationId: locations.warehouse,
  })
  return { channelId: channel.id, locations }
}

/** Imports the catalogue, and keeps what the file says of variants: the importer reads past stock. */
async function takeCatalogueIn(container: DependencyContainer, channelId: string) {
  const variants: VariantDraft[] = []
  const catalogue = readShopifyCsv(createReadStream(join(demoDirectory, "catalogue.csv")))
  async function* watched() {
    for await (const reading of catalogue) {
      if ("draft" in reading) variants.push(...reading.draft.variants)
      yield reading
    }
  }
  const summary = await productImporter(container).run(watched(), {
    prices: [{ currencyCode: "eur" }, { currencyCode: "usd", factor: DOLLARS_PER_EURO }],
    salesChannelIds: [channelId],
  })
  return { summary, variants }
}

/** Stock, shipping, taxes and promotions. */
async function letSell(
  container: DependencyContainer,
  locations: Locations,
  variants: readonly VariantDraft[],
): Promise<void> {
  await makeStock(container, locations, variants)
  const { setId, profileId } = await makeShipping(container, { europe: EUROPE, states: STATES })
  await sendFrom(container, locations.warehouse, [setId])
  await sendAsParcels(container, profileId)
  await makeTaxes(container, await typeIdOf(container, "Gift Cards"))
  await makePromotions(container, await typeIdOf(container, "Notebooks"))
  await excludeGiftCards(container)
}
