import { BulkOperations, ExportProducts } from "@marquetry/bulk"
import { listQuery, readList, type HandlerContext, type Route } from "@marquetry/http"
import { ResourceRegistry, type AnyFilter } from "@marquetry/kernel"
import { z } from "zod"
import { bulkOperations, recorded } from "../bulk-operations/bulk-operations.ts"
import { inventoryItems } from "../inventory-items/inventory-item-resources.ts"
import type { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import type { Asking } from "../kit/recorded.ts"
import type { Staff } from "../kit/staff.guard.ts"
import { listedOrders } from "../orders/order-resources.ts"
import { products } from "../products/product-resource.ts"

/** What is exported, and for whom. */
interface Asked {
  readonly filter: AnyFilter
  readonly q?: string
  readonly requestedBy: string
}

/** How rows of a resource are exported. */
interface ExportTold {
  readonly of: AdminResource
  readonly description: string
  /** Parameters beside those of the list. */
  readonly extra?: Readonly<Record<string, z.ZodType>>
  readonly queue: (
    operations: BulkOperations,
    asked: Asked,
    query: Readonly<Record<string, unknown>>,
  ) => Promise<string>
}

const Begun = z.object({ transactionId: z.string() })

/** `POST …/export`: takes the query string of the list, and exports what that would list, whatever page of it. */
function exportRoute(path: `/admin/${string}`, { of, description, extra = {}, queue }: ExportTold): Route[] {
  const { plural, list } = of.reads
  const told = {
    summary: `Exports ${plural.replaceAll("_", " ")} into a file`,
    description: `${description} It takes the filters of the list. The answer names a bulk operation, which has the file once it is done.`,
    query: listQuery({ ...list, extra }),
    response: Begun,
    permissions: [`${of.permission}:export`],
    status: 202,
  }
  return adminRoutes(path, bulkOperations, ({ verbs: { post } }) => {
    post("/export", told, async (context) => {
      const { q, filter } = readList(context.query, list)
      await assertMayFilter(context, of)
      const operations = context.resolve<BulkOperations>(BulkOperations)
      const asked = { filter, ...(q !== undefined && { q }), requestedBy: context.identity.actorId }
      const id = await recorded(context, "created", () => queue(operations, asked, context.query))
      return { transaction_id: id }
    })
  })
}

/**
 * Reads the first that the list would show: nobody filters an export by what is hidden from them.
 *
 * @throws {QueryInvalid}
 */
async function assertMayFilter(context: Asking, of: AdminResource): Promise<void> {
  const { identity, resolve, header } = context
  const asked = context.query as Readonly<Record<string, unknown>>
  const filters = Object.fromEntries(Object.entries(asked).filter(([name]) => name in of.reads.list.filters))
  const { handle } = of.of("list", identity, resolve<ResourceRegistry>(ResourceRegistry))
  const query = { ...filters, $and: asked["$and"], $or: asked["$or"], fields: "id", limit: 1 }
  await handle({ identity, resolve, header, query } as unknown as HandlerContext<
    Staff,
    undefined,
    z.ZodType,
    undefined
  >)
}

export const exportRoutes = [
  ...exportRoute("/admin/products", {
    of: products,
    description: "A CSV of Medusa's columns, or of Shopify's with prices of one currency.",
    extra: { format: ExportProducts.shape.format, currency_code: ExportProducts.shape.currencyCode },
    queue: (operations, asked, { format, currency_code: currencyCode }) =>
      operations.exportProducts({ ...asked, ...({ format, currencyCode } as Pick<ExportProducts, "format">) }),
  }),
  ...exportRoute("/admin/orders", {
    of: listedOrders,
    description: "A CSV, one row per order; drafts are left out.",
    queue: (operations, asked) => operations.exportOrders(asked),
  }),
  ...exportRoute("/admin/inventory-items", {
    of: inventoryItems,
    description: "A CSV, one row per item and location.",
    queue: (operations, asked) => operations.exportInventory(asked),
  }),
]
