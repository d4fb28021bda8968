import { defineResource } from "@marquetry/kernel"
import { BulkOperation } from "./bulk-operation.entity.ts"

export const bulkOperationResource = defineResource("bulk_operation", BulkOperation, {
  private: ["claim", "leasedUntil"],
})
