import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { AccessService } from "./assignment/access.service.ts"
import { RoleAssignment } from "./assignment/assignment.entity.ts"
import { roleAssignmentResource } from "./assignment/assignment.resources.ts"
import { CreateRoleTables } from "./migrations/20261126174414_create-roles.ts"
import { Role } from "./role/role.entity.ts"
import { roleResource } from "./role/role.resources.ts"
import { RoleService } from "./role/role.service.ts"

export const rbacModule = defineModule({
  name: "rbac",
  entities: [Role, RoleAssignment],
  migrations: [CreateRoleTables],
  resources: [roleResource, roleAssignmentResource],
  services: [RoleService, AccessService],
})

/** What {@link startRbac} gives. */
export interface Rbac {
  readonly roles: RoleService
  readonly access: AccessService
}

/** Runs roles alone, on your database or an embedded one. */
export function startRbac(options: StartOptions = {}): Promise<Started<Rbac>> {
  return start(rbacModule, options, (container) => ({
    roles: container.resolve(RoleService),
    access: container.resolve(AccessService),
  }))
}
