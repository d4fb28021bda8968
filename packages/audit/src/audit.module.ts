import { Database, defineModule, Query, start, type Started, type StartOptions } from "@marquetry/kernel"
import { AuditEntry } from "./entry/audit-entry.entity.ts"
import { auditEntryResource } from "./entry/audit-entry.resources.ts"
import { AuditService } from "./entry/audit.service.ts"
import { CreateAuditEntryTable } from "./migrations/20261126174414_create-audit-entries.ts"
import { IndexAuditEntriesByRequest } from "./migrations/20261126184000_index-audit-entries-by-request.ts"

export const auditModule = defineModule({
  name: "audit",
  entities: [AuditEntry],
  migrations: [CreateAuditEntryTable, IndexAuditEntriesByRequest],
  resources: [auditEntryResource],
  register(container) {
    container.register(AuditService, { useFactory: (c) => new AuditService(c.resolve(Database), c.resolve(Query)) })
  },
})

/** Runs the audit log alone, on your database or an embedded one. */
export function startAudit(options: StartOptions = {}): Promise<Started<{ audit: AuditService }>> {
  return start(auditModule, options, (container) => ({ audit: container.resolve(AuditService) }))
}
