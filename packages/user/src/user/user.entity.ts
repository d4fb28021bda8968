import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const UserTable = defineEntity({
  name: "User",
  indexes: [
    searchIndex("user", "user", ["email", "first_name", "last_name"]),
    {
      name: "user_email_unique",
      expression: `create unique index "user_email_unique" on "user"."user" ("email") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("user"),
    /** Lower case. */
    email: p.text(),
    firstName: p.text().strictNullable().default(null),
    lastName: p.text().strictNullable().default(null),
    avatarUrl: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Somebody who works in the shop's back office. How they log in, and what they may do, is known elsewhere. */
export class User extends UserTable.class {}
UserTable.setClass(User)
