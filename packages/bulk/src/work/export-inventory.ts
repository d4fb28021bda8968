import { FileService } from "@marquetry/file"
import { inventoryItemResource } from "@marquetry/inventory"
import { MAX_LIMIT, Query, ResourceRegistry, type AnyFilter } from "@marquetry/kernel"
import { pagesOf } from "./pages.ts"
import { sheet, uploadCsv } from "./upload-csv.ts"
import type { Work } from "./work.ts"

interface Level {
  readonly locationId: string
  readonly stockedQuantity: number
  readonly reservedQuantity: number
  readonly incomingQuantity: number
}

interface ItemRow {
  readonly sku: string | null
  readonly title: string | null
  readonly locationLevels: readonly Level[]
}

const HEADER = ["SKU", "Title", "Location", "Location ID", "Stocked Quantity", "Reserved Quantity", "Incoming Quantity"]

const fields = {
  id: true,
  sku: true,
  title: true,
  locationLevels: { locationId: true, stockedQuantity: true, reservedQuantity: true, incomingQuantity: true },
} as const

/** An item that is nowhere has a row too. */
export const exportInventory: Work = async (container, operation, signal) => {
  const { filter, q } = operation.input as unknown as { readonly filter: AnyFilter; readonly q?: string }
  const query = container.resolve(Query)
  const names = await locationNames(query, container.resolve(ResourceRegistry))
  let count = 0
  async function* rows() {
    yield HEADER
    for await (const item of pagesOf<ItemRow>(query, inventoryItemResource.name, { fields, filter, q }, signal)) {
      count++
      const { sku, title, locationLevels } = item
      if (locationLevels.length === 0) yield [sku, title, null, null, null, null, null]
      for (const { locationId, stockedQuantity, reservedQuantity, incomingQuantity } of locationLevels) {
        const name = names.get(locationId) ?? null
        yield [sku, title, name, locationId, stockedQuantity, reservedQuantity, incomingQuantity]
      }
    }
  }
  const fileIdOut = await uploadCsv(container.resolve(FileService), operation, sheet(rows()))
  return { summary: { exported: count }, description: "Inventory export completed successfully!", fileIdOut }
}

async function locationNames(query: Query, registry: ResourceRegistry): Promise<ReadonlyMap<string, string>> {
  if (!registry.has("stock_location")) return new Map()
  const names = { id: true, name: true } as const
  const { rows } = await query.listAny("stock_location", { fields: names, limit: MAX_LIMIT, count: false })
  return new Map((rows as unknown as { id: string; name: string }[]).map(({ id, name }) => [id, name]))
}
