import { defineResource } from "@marquetry/kernel"
import { Audit } from "./audit.entity.ts"

export const auditResource = defineResource("audit", Audit, { search: ["name", "description"] })
