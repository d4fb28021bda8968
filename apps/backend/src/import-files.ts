import { createReadStream } from "node:fs"
import { access, constants } from "node:fs/promises"
import { ConfigurationInvalid, type Configuration } from "@marquetry/framework"
import { rethrow, type Composition } from "@marquetry/kernel"
import { findCurrency } from "@marquetry/money"
import { CurrencyMissing, productImporter, readProductCsv, type ImportSummary } from "@marquetry/product-csv"
import { StoreService } from "@marquetry/store"

/** Product files to take in. */
export interface Files {
  readonly paths: readonly string[]
  /** Overrides the store's. */
  readonly currency: string | undefined
}

/**
 * The files that a command line names. Checked before anything is started.
 *
 * @throws {ConfigurationInvalid} naming every file that cannot be read, and a currency that there is not.
 */
export async function filesOf({ options, rest }: Pick<Configuration, "options" | "rest">): Promise<Files> {
  const named = options["import"] ?? []
  const currency = options["currency"]?.at(-1)
  const faults = named.length === 0 ? rest.map((argument) => `${argument}: belongs to no option`) : []
  const paths = named.length === 0 ? [] : [...named, ...rest]
  for (const path of paths) {
    await access(path, constants.R_OK).catch((error: Error) => faults.push(`--import: ${error.message}`))
  }
  if (currency !== undefined && findCurrency(currency) === null)
    faults.push(`--currency: "${currency}" is no currency of ISO 4217, such as eur`)
  if (faults.length > 0) throw new ConfigurationInvalid(faults)
  return { paths, currency }
}

/**
 * Takes product files in, of Shopify or of Medusa: new products are sold in the store's default sales channel, and priced in
 * its default currency, unless the file says. Known ones stay where they are sold.
 *
 * @throws {ConfigurationInvalid} when nothing says the currency. Nothing of the file was imported then.
 */
export async function importFiles(
  { container }: Composition,
  { paths, currency }: Files,
  print: (line: string) => void,
): Promise<void> {
  if (paths.length === 0) return
  const { rows } = await container.resolve(StoreService).list({ limit: 1, order: { createdAt: "asc" } })
  const [store] = rows
  const currencyCode = currency ?? store?.supportedCurrencies.find(({ isDefault }) => isDefault)?.currencyCode
  const channel = store?.defaultSalesChannelId ?? undefined
  for (const path of paths) {
    print(`Importing ${path}`)
    const summary = await productImporter(container)
      .run(readProductCsv(createReadStream(path)), {
        ...(currencyCode !== undefined && { prices: [{ currencyCode }] }),
        newProductChannelIds: channel === undefined ? [] : [channel],
        onProgress: ({ created, updated, unchanged }) => print(`  ${created + updated + unchanged} products so far`),
      })
      .catch(rethrow(CurrencyMissing, () => new ConfigurationInvalid([NO_CURRENCY])))
    for (const line of describeImport(summary)) print(`  ${line}`)
  }
}

const NO_CURRENCY =
  "--currency: there is no store to take the currency of prices from; name one, such as --currency eur"

/** The end of an import, line by line. */
export function describeImport({ created, updated, unchanged, variants, refusals }: ImportSummary): string[] {
  return [
    `Made ${created}, changed ${updated}, unchanged ${unchanged}, refused ${refusals.length} (variants written: ${variants})`,
    ...refusals.map(
      ({ line, handle, code, reason }) => `line ${line}${handle === null ? "" : ` (${handle})`}: ${reason} [${code}]`,
    ),
  ]
}
