import { defineEntity, p } from "@marquetry/kernel"
import { AuthIdentity } from "../identity/identity.entity.ts"

const AuthSessionTable = defineEntity({
  name: "AuthSession",
  properties: {
    /** Hash of what the client holds. */
    id: p.text().primary(),
    actorType: p.text(),
    authProvider: p.text(),
    userMetadata: p.json<Record<string, unknown>>(),
    authIdentity: () =>
      p.manyToOne(AuthIdentity).ref().deleteRule("cascade").index("auth_session_auth_identity_id_index"),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).index("auth_session_expires_at_index"),
  },
})

/** That somebody is logged in, until they log out. */
export class AuthSession extends AuthSessionTable.class {}
AuthSessionTable.setClass(AuthSession)
