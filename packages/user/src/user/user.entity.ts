import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const UserTable = defineEntity({
  name: "User",
  indexes: [
    searchIndex("user", "user", ["name", "description"]),
    {
      name: "user_handle_unique",
      expression: `create unique index "user_handle_unique" on "user"."user" ("handle") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("user"),
    name: p.text(),
    /** Names it in URLs; unique among what is not deleted. */
    handle: p.text(),
    description: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What an user is: say it here, in the words of whoever works with it. */
export class User extends UserTable.class {}
UserTable.setClass(User)
