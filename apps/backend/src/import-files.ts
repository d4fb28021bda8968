import { createReadStream } from "node:fs"
import { access } from "node:fs/promises"
import { ConfigurationInvalid } from "@marquetry/framework"
import type { Composition } from "@marquetry/kernel"
import { productImporter, readShopifyCsv, type ImportSummary } from "@marquetry/product-import"
import { StoreService } from "@marquetry/store"

/**
 * Takes product files in, priced in the store's default currency, sold in its default sales channel.
 *
 * @param currency overrides the store's.
 * @throws {ConfigurationInvalid} when a file is not there, or nothing says the currency. Nothing was imported then.
 */
export async function importFiles(
  { container }: Composition,
  files: readonly string[],
  currency: string | undefined,
  print: (line: string) => void,
): Promise<void> {
  await assertReadable(files)
  const { rows } = await container.resolve(StoreService).list({ limit: 1, order: { createdAt: "asc" } })
  const [store] = rows
  const currencyCode = currency ?? store?.supportedCurrencies.find(({ isDefault }) => isDefault)?.currencyCode
  if (currencyCode === undefined) {
    throw new ConfigurationInvalid([
      "--currency: there is no store to take the currency of prices from; name one, such as --currency eur",
    ])
  }
  const channel = store?.defaultSalesChannelId ?? undefined
  for (const file of files) {
    print(`Importing ${file}`)
    const summary = await productImporter(container).run(readShopifyCsv(createReadStream(file)), {
      prices: [{ currencyCode }],
      salesChannelIds: channel === undefined ? [] : [channel],
      onProgress: (now) => print(`  ${progress(now)}`),
    })
    for (const line of describeImport(summary)) print(`  ${line}`)
  }
}

async function assertReadable(files: readonly string[]): Promise<void> {
  const faults: string[] = []
  for (const file of files) {
    await access(file).catch((error: Error) => faults.push(`--import: ${error.message}`))
  }
  if (faults.length > 0) throw new ConfigurationInvalid(faults)
}

export const progress = ({ created, updated, unchanged }: ImportSummary): string =>
  `${created + updated + unchanged} products so far`

/** The end of an import, line by line. */
export function describeImport({ created, updated, unchanged, variants, refusals }: ImportSummary): string[] {
  return [
    `Made ${created}, changed ${updated}, unchanged ${unchanged}, refused ${refusals.length} (variants written: ${variants})`,
    ...refusals.map(
      ({ line, handle, code, reason }) => `line ${line}${handle === null ? "" : ` (${handle})`}: ${reason} [${code}]`,
    ),
  ]
}
