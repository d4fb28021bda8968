import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const InviteTable = defineEntity({
  name: "Invite",
  indexes: [
    searchIndex("user", "invite", ["email"]),
    {
      name: "invite_email_unique",
      expression: `create unique index "invite_email_unique" on "user"."invite" ("email") where not "accepted" and "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("invite"),
    /** Lower case. Whoever accepts is the user of this address. */
    email: p.text(),
    accepted: p.boolean().default(false),
    /** The last characters of the token, for people to tell it from others. */
    token: p.text(),
    /** Of the token, which is nowhere. */
    tokenHash: p.text().unique("invite_token_hash_unique"),
    expiresAt: p.datetime(3),
    /** Ids of the roles that the user shall have: told to whoever gives roles, and never read here. */
    roles: p.array().default([]),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** That somebody may become a user, once. An e-mail address has one that waits at most. */
export class Invite extends InviteTable.class {}
InviteTable.setClass(Invite)
