import { Database, defineModule, Events, Query, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CreateRbacTable } from "./migrations/20261126174414_create-rbacs.ts"
import { Rbac } from "./rbac/rbac.entity.ts"
import { rbacResource } from "./rbac/rbac.resources.ts"
import { RbacService } from "./rbac/rbac.service.ts"

export const rbacModule = defineModule({
  name: "rbac",
  entities: [Rbac],
  migrations: [CreateRbacTable],
  resources: [rbacResource],
  register(container) {
    container.register(RbacService, {
      useFactory: (c) => new RbacService(c.resolve(Database), c.resolve(Events), c.resolve(Query)),
    })
  },
})

/** Runs rbacs alone, on your database or an embedded one. */
export function startRbac(options: StartOptions = {}): Promise<Started<{ rbacs: RbacService }>> {
  return start(rbacModule, options, (container) => ({ rbacs: container.resolve(RbacService) }))
}
