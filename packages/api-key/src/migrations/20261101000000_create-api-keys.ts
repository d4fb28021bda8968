import { Migration } from "@marquetry/kernel"

export class CreateApiKeys extends Migration {
  override name = "20261101000000_create-api-keys"

  override up(): void {
    this.addSql(`create table "api_key"."api_key" (
      "id" text not null,
      "type" text not null,
      "title" text not null,
      "token" text,
      "token_hash" text,
      "redacted" text not null,
      "last_used_at" timestamptz(3),
      "created_by" text not null default '',
      "revoked_by" text,
      "revoked_at" timestamptz(3),
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "api_key_token_unique" unique ("token"),
      constraint "api_key_token_hash_unique" unique ("token_hash"),
      constraint "api_key_type_check" check ("type" in ('publishable', 'secret')),
      constraint "api_key_token_check" check ((type = 'publishable') = (token is not null)),
      constraint "api_key_token_hash_check" check ((type = 'secret') = (token_hash is not null))
    )`)
    this.addSql(
      `create index "api_key_search_index" on "api_key"."api_key" using gin (to_tsvector('simple'::regconfig, coalesce("title", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "api_key"."api_key"`)
  }
}
