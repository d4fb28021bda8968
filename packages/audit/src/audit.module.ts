import { Database, defineModule, Events, Query, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CreateAuditTable } from "./migrations/20261126174414_create-audits.ts"
import { Audit } from "./audit/audit.entity.ts"
import { auditResource } from "./audit/audit.resources.ts"
import { AuditService } from "./audit/audit.service.ts"

export const auditModule = defineModule({
  name: "audit",
  entities: [Audit],
  migrations: [CreateAuditTable],
  resources: [auditResource],
  register(container) {
    container.register(AuditService, {
      useFactory: (c) => new AuditService(c.resolve(Database), c.resolve(Events), c.resolve(Query)),
    })
  },
})

/** Runs audits alone, on your database or an embedded one. */
export function startAudit(options: StartOptions = {}): Promise<Started<{ audits: AuditService }>> {
  return start(auditModule, options, (container) => ({ audits: container.resolve(AuditService) }))
}
