import { defineEntity, id, p, timestamps } from "@marquetry/kernel"

type Json = Record<string, unknown>
const json = () => p.json<Json>().onCreate(() => ({}))

const AuthIdentityTable = defineEntity({
  name: "AuthIdentity",
  indexes: [
    {
      name: "auth_identity_app_metadata_index",
      expression: `create index "auth_identity_app_metadata_index" on "auth"."auth_identity" using gin ("app_metadata" jsonb_path_ops)`,
    },
  ],
  properties: {
    id: id("authid"),
    /** Who this is, by type of actor: `{ customer_id, user_id }`. */
    appMetadata: json(),
    /** Counts changes of credentials. Tokens that were issued before the last one are not renewed. */
    credentialsVersion: p.integer().default(0),
    providerIdentities: () => p.oneToMany(ProviderIdentity).mappedBy("authIdentity"),
    ...timestamps,
  },
})

/** Somebody who can prove who they are. */
export class AuthIdentity extends AuthIdentityTable.class {}
AuthIdentityTable.setClass(AuthIdentity)

const ProviderIdentityTable = defineEntity({
  name: "ProviderIdentity",
  uniques: [
    { name: "provider_identity_entity_unique", properties: ["provider", "entityId"] },
    { name: "provider_identity_provider_unique", properties: ["authIdentity", "provider"] },
  ],
  properties: {
    id: id("provid"),
    provider: p.text(),
    /** Who it is in the words of the provider: the e-mail address. */
    entityId: p.text(),
    /** What the provider keeps to recognise them: the hash of a password. */
    providerMetadata: json(),
    /** What the provider says of them, for tokens. */
    userMetadata: json(),
    authIdentity: () => p.manyToOne(AuthIdentity).ref().deleteRule("cascade"),
    ...timestamps,
  },
})

/** One way in which somebody can prove who they are. */
export class ProviderIdentity extends ProviderIdentityTable.class {}
ProviderIdentityTable.setClass(ProviderIdentity)
