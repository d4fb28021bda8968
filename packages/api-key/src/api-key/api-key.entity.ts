import { defineEntity, id, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { apiKeyTypes } from "./token.ts"

const ApiKeyTable = defineEntity({
  name: "ApiKey",
  indexes: [searchIndex("api_key", "api_key", ["title"])],
  checks: [
    { name: "api_key_token_check", expression: "(type = 'publishable') = (token is not null)" },
    { name: "api_key_token_hash_check", expression: "(type = 'secret') = (token_hash is not null)" },
  ],
  properties: {
    id: id("apk"),
    type: p.enum(apiKeyTypes),
    title: p.text(),
    /** Of publishable keys, which are no secret. */
    token: p.text().strictNullable().default(null).unique("api_key_token_unique"),
    /** Of secret keys, whose tokens are nowhere. */
    tokenHash: p.text().strictNullable().default(null).unique("api_key_token_hash_unique"),
    /** The first and last characters of the token. */
    redacted: p.text(),
    /** To the minute. */
    lastUsedAt: p.datetime(3).strictNullable().default(null),
    /** Id of the user who made it; empty when a program did. */
    createdBy: p.text().default(""),
    revokedBy: p.text().strictNullable().default(null),
    /** From when on it is refused; may lie ahead. */
    revokedAt: p.datetime(3).strictNullable().default(null),
    ...timestamps,
    ...softDelete,
  },
})

/** What a program shows to be let in: a storefront its publishable key, a server its secret one. */
export class ApiKey extends ApiKeyTable.class {}
ApiKeyTable.setClass(ApiKey)
