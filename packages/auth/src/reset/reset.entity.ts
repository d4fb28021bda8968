import { defineEntity, p } from "@marquetry/kernel"
import { ProviderIdentity } from "../identity/identity.entity.ts"

const AuthResetTokenTable = defineEntity({
  name: "AuthResetToken",
  properties: {
    /** Hash of the token. */
    id: p.text().primary(),
    providerIdentity: () =>
      p.manyToOne(ProviderIdentity).ref().deleteRule("cascade").index("auth_reset_token_provider_identity_id_index"),
    expiresAt: p.datetime(3),
  },
})

/** That whoever holds the token may replace a password, once. */
export class AuthResetToken extends AuthResetTokenTable.class {}
AuthResetTokenTable.setClass(AuthResetToken)
