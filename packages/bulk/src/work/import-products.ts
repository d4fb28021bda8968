import { FileService } from "@marquetry/file"
import type { DependencyContainer, InjectionToken } from "@marquetry/kernel"
import { productImporter, readProductCsv, type WatchBatch } from "@marquetry/product-csv"
import type { ClaimedOperation } from "../operation/operation-rows.ts"
import type { Work } from "./work.ts"

/** Of what was refused, as much as an operation keeps. */
const KEPT_REFUSALS = 1_000

/** Looks at what an import makes and changes, in the transaction of each batch. */
export type WatchImports = (
  container: DependencyContainer,
  operation: Pick<ClaimedOperation, "id" | "requestedBy">,
) => WatchBatch
export const WATCH_IMPORTS: InjectionToken<WatchImports> = Symbol("WatchImports")

interface Input {
  readonly currencyCode?: string
  readonly salesChannelId?: string
}

export const importProducts: Work = async (container, operation, signal) => {
  const { fileIdIn, input } = operation
  const { currencyCode, salesChannelId } = input as Input
  const importer = productImporter(container)
  const { file, content } = await container.resolve(FileService).read(fileIdIn as string)
  const { refusals, ...counts } = await importer.run(readProductCsv(content), {
    ...(currencyCode !== undefined && { prices: [{ currencyCode }] }),
    newProductChannelIds: salesChannelId === undefined ? [] : [salesChannelId],
    ...(container.isRegistered(WATCH_IMPORTS, true) && {
      watch: container.resolve<WatchImports>(WATCH_IMPORTS)(container, operation),
    }),
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
