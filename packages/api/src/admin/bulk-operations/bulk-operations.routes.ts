import { ResourceRegistry } from "@marquetry/kernel"
import { adminRoutes } from "../kit/admin-routes.ts"
import { bulkOperations, withUrls, type OperationRow } from "./bulk-operations.ts"

const description =
  "Imports and exports of kinds that one may ask for, or whose content one may read. `status` is `awaiting_confirmation`, `queued`, `running`, `done` or `failed`. `summary` counts, and has what was refused: of an import `refusals`, with their lines; of an export `leftOut`. The URL of the `file` is signed, for a while."

/** Imports and exports: what became of them, and what they have made. */
export const bulkOperationRoutes = adminRoutes("/admin/bulk-operations", bulkOperations, ({ verbs: { get } }) => {
  const { list, one } = bulkOperations.whole
  const permissions = ["bulk_operation:read"]

  get("/", { ...list.schemas, description, permissions }, async (context) => {
    const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
    const page = await bulkOperations.of("list", context.identity, registry).handle(context)
    const answer = JSON.parse(page.text) as { bulk_operations: OperationRow[] }
    return { ...answer, bulk_operations: await withUrls(context, answer.bulk_operations) }
  })

  get("/:id", { ...one.schemas, description, permissions }, async (context) => {
    const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
    const read = await bulkOperations.of("one", context.identity, registry).handle(context)
    const { bulk_operation } = JSON.parse(read.text) as { bulk_operation: OperationRow }
    return { bulk_operation: (await withUrls(context, [bulk_operation]))[0] }
  })
})
