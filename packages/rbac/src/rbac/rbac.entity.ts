import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const RbacTable = defineEntity({
  name: "Rbac",
  indexes: [
    searchIndex("rbac", "rbac", ["name", "description"]),
    {
      name: "rbac_handle_unique",
      expression: `create unique index "rbac_handle_unique" on "rbac"."rbac" ("handle") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("role"),
    name: p.text(),
    /** Names it in URLs; unique among what is not deleted. */
    handle: p.text(),
    description: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What a rbac is: say it here, in the words of whoever works with it. */
export class Rbac extends RbacTable.class {}
RbacTable.setClass(Rbac)
