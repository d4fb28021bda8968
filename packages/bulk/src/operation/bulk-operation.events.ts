import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"
import { bulkKinds } from "./bulk-operation.entity.ts"

const payload = z.object({ id: z.string(), kind: z.enum(bulkKinds) })

/** It was done; what came of it stands in the operation. */
export const BulkOperationDone = defineEvent("bulk.done", payload)
/** It failed for good. */
export const BulkOperationFailed = defineEvent("bulk.failed", payload)
