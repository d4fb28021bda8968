import { defineResource } from "@marquetry/kernel"
import { ReturnReason } from "./return-reason.entity.ts"

export const returnReasonResource = defineResource("return_reason", ReturnReason, {
  search: ["value", "label", "description"],
})
