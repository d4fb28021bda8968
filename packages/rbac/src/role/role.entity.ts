import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const RoleTable = defineEntity({
  name: "Role",
  indexes: [
    searchIndex("rbac", "role", ["name", "description"]),
    {
      name: "role_name_unique",
      expression: `create unique index "role_name_unique" on "rbac"."role" ("name") where "deleted_at" is null`,
    },
  ],
  checks: [{ name: "role_permissions_check", expression: "cardinality(permissions) <= 1000" }],
  properties: {
    id: id("role"),
    name: p.text(),
    description: p.text().strictNullable().default(null),
    /** Each once, in order. */
    permissions: p.array().default([]),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What whoever has it may do. Nobody has a role that is deleted. */
export class Role extends RoleTable.class {}
RoleTable.setClass(Role)
