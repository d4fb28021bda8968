import { defineResource } from "@marquetry/kernel"
import { RoleAssignment } from "./assignment.entity.ts"

export const roleAssignmentResource = defineResource("rbac_role_assignment", RoleAssignment)
