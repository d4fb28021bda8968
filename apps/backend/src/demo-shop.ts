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

export const demoDirectory = join(import.meta.dirname, "../demo")

/** What a dollar costs in the demo shop; believable, and the same on every machine. */
const DOLLARS_PER_EURO = "1.1"

const EUROPE = ["at", "be", "de", "dk", "es", "fi", "fr", "ie", "it", "lu", "nl", "pt", "se"]

/** Marks the demo shop while it is being made: a start that was cut short is gone on with. */
type Progress = "begun" | "complete"

/**
 * Makes the demo shop in a database that has no store yet: two regions, a sales channel, a publishable key, and the
 * catalogue of `demo/catalogue.csv`.
 *
 * @returns what the import made, or `undefined` when there is a shop already.
 */
export async function ensureDemoShop(
  { container }: Composition,
  onProgress: (summary: ImportSummary) => void,
): Promise<ImportSummary | undefined> {
  const stores = container.resolve(StoreService)
  const { rows } = await stores.list({ limit: 1 })
  const [existing] = rows
  if (existing !== undefined && progressOf(existing.metadata) !== "begun") return undefined
  const storeId = existing?.id ?? (await begin(container))
  const store = await stores.get(storeId)
  const summary = await productImporter(container).run(
    readShopifyCsv(createReadStream(join(demoDirectory, "catalogue.csv"))),
    {
      prices: [{ currencyCode: "eur" }, { currencyCode: "usd", factor: DOLLARS_PER_EURO }],
      salesChannelIds: [store.defaultSalesChannelId as string],
      onProgress,
    },
  )
  await stores.update(storeId, { metadata: { demo: "complete" satisfies Progress } })
  return summary
}

const progressOf = (metadata: Record<string, unknown> | null) => metadata?.["demo"] as Progress | undefined

/** Everything but the catalogue, in one transaction. */
async function begin(container: DependencyContainer): Promise<string> {
  const channel = await container.resolve(SalesChannelService).create({ name: "Web shop" })
  const key = await container.resolve(ApiKeyService).create({ type: "publishable", title: "Demo storefront" })
  await container.resolve(Links).add(apiKeySalesChannel, [[key.id, channel.id]])
  const regions = container.resolve(RegionService)
  const europe = await regions.create({ name: "Europe", currencyCode: "eur", countries: EUROPE })
  await regions.create({ name: "United States", currencyCode: "usd", countries: ["us"] })
  await container
    .resolve(PricePreferenceService)
    .set({ attribute: "currency_code", value: "eur", isTaxInclusive: true })
  const store = await container.resolve(StoreService).create({
    name: "Burl & Banding",
    supportedCurrencies: [{ currencyCode: "eur", isDefault: true }, { currencyCode: "usd" }],
    defaultRegionId: europe.id,
    defaultSalesChannelId: channel.id,
    metadata: { demo: "begun" satisfies Progress },
  })
  return store.id
}
