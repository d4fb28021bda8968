import { FileService } from "@marquetry/file"
import type { AnyFilter } from "@marquetry/kernel"
import { readCatalogue, writeMedusaCsv, writeShopifyCsv, type LeftOut, type ProductDraft } from "@marquetry/product-csv"
import { uploadCsv } from "./upload-csv.ts"
import type { Work } from "./work.ts"

interface Input {
  readonly filter: AnyFilter
  readonly q?: string
  readonly format: "medusa" | "shopify"
  readonly currencyCode?: string
}

/** Of products that the format has no room for, as many as an operation keeps. */
const KEPT = 1_000

export const exportProducts: Work = async (container, operation, signal) => {
  const { filter, q, format, currencyCode } = operation.input as unknown as Input
  const options = { filter, signal, ...(q !== undefined && { q }) }
  const leftOut: LeftOut[] = []
  let count = 0
  /** Counts from the first each time: Medusa's format reads the catalogue twice. */
  async function* products(own = {}): AsyncGenerator<ProductDraft> {
    count = 0
    for await (const product of readCatalogue(container, { ...options, ...own })) {
      count++
      yield product
    }
  }
  const onLeftOut = (product: LeftOut) => void leftOut.push(product)
  const content =
    format === "shopify" && currencyCode !== undefined
      ? writeShopifyCsv(products({ currencyCode }), { currencyCode, onLeftOut })
      : writeMedusaCsv(products)
  const fileIdOut = await uploadCsv(container.resolve(FileService), operation, content)
  const refused = leftOut.length === 0 ? "" : ` ${leftOut.length} products have no room in its format.`
  return {
    summary: { exported: count - leftOut.length, leftOut: leftOut.slice(0, KEPT) },
    description: `Product export completed successfully!${refused}`,
    fileIdOut,
  }
}
