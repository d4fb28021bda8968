import { FileService } from "@marquetry/file"
import { productImporter, readProductCsv } from "@marquetry/product-csv"
import type { Work } from "./work.ts"

/** Of what was refused, as much as an operation keeps. */
const KEPT_REFUSALS = 1_000

interface Input {
  readonly currencyCode?: string
  readonly salesChannelId?: string
}

export const importProducts: Work = async (container, { fileIdIn, input }, signal) => {
  const { currencyCode, salesChannelId } = input as Input
  const importer = productImporter(container)
  const { file, content } = await container.resolve(FileService).read(fileIdIn as string)
  const { refusals, ...counts } = await importer.run(readProductCsv(content), {
    ...(currencyCode !== undefined && { prices: [{ currencyCode }] }),
    newProductChannelIds: salesChannelId === undefined ? [] : [salesChannelId],
    signal,
  })
  const refused = refusals.length === 0 ? "" : `; ${refusals.length} rows or cells were refused`
  return {
    summary: { ...counts, refused: refusals.length, refusals: refusals.slice(0, KEPT_REFUSALS) },
    description:
      `Product import of file ${file.filename} completed: ${counts.created} made, ${counts.updated} changed, ` +
      `${counts.unchanged} unchanged${refused}.`,
  }
}
