import { defineResource } from "@marquetry/kernel"
import { AuditEntry } from "./audit-entry.entity.ts"

export const auditEntryResource = defineResource("audit_entry", AuditEntry)
