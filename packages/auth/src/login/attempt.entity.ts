import { defineEntity, p } from "@marquetry/kernel"

const AuthAttemptTable = defineEntity({
  name: "AuthAttempt",
  properties: {
    /** What is attempted, and a hash of for whom: also for people who are not known, whose addresses are not kept. */
    id: p.text().primary(),
    attempts: p.integer(),
    /** From when on counting begins anew. */
    windowEndsAt: p.datetime(3),
  },
})

/** How often something was attempted for one identifier. */
export class AuthAttempt extends AuthAttemptTable.class {}
AuthAttemptTable.setClass(AuthAttempt)
