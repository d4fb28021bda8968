import { defineResource } from "@marquetry/kernel"
import { RoleAssignment } from "../assignment/assignment.entity.ts"
import { Role } from "./role.entity.ts"

export const roleResource = defineResource("rbac_role", Role, {
  search: ["name", "description"],
  inverse: { assignments: [RoleAssignment, "role"] },
})
