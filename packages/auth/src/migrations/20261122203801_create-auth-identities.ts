import { Migration } from "@marquetry/kernel"

export class CreateAuthTables extends Migration {
  override name = "20261122203801_create-auth-identities"

  override up(): void {
    this.addSql(`create table "auth"."auth_identity" (
      "id" text not null,
      "app_metadata" jsonb not null,
      "credentials_version" int not null default 0,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`)
    this.addSql(
      `create index "auth_identity_app_metadata_index" on "auth"."auth_identity" using gin ("app_metadata" jsonb_path_ops)`,
    )
    this.addSql(`create table "auth"."provider_identity" (
      "id" text not null,
      "provider" text not null,
      "entity_id" text not null,
      "provider_metadata" jsonb not null,
      "user_metadata" jsonb not null,
      "auth_identity_id" text not null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "provider_identity_entity_unique" unique ("provider", "entity_id"),
      constraint "provider_identity_provider_unique" unique ("auth_identity_id", "provider"),
      constraint "provider_identity_auth_identity_id_foreign" foreign key ("auth_identity_id") references "auth"."auth_identity" ("id") on delete cascade
    )`)
    this.addSql(`create table "auth"."auth_attempt" (
      "id" text not null,
      "attempts" int not null,
      "window_ends_at" timestamptz(3) not null,
      primary key ("id")
    )`)
    this.addSql(`create table "auth"."auth_session" (
      "id" text not null,
      "actor_type" text not null,
      "auth_provider" text not null,
      "user_metadata" jsonb not null,
      "auth_identity_id" text not null,
      "created_at" timestamptz(3) not null,
      "expires_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "auth_session_auth_identity_id_foreign" foreign key ("auth_identity_id") references "auth"."auth_identity" ("id") on delete cascade
    )`)
    this.addSql(`create index "auth_session_auth_identity_id_index" on "auth"."auth_session" ("auth_identity_id")`)
    this.addSql(`create index "auth_session_expires_at_index" on "auth"."auth_session" ("expires_at")`)
    this.addSql(`create table "auth"."auth_reset_token" (
      "id" text not null,
      "provider_identity_id" text not null,
      "expires_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "auth_reset_token_provider_identity_id_foreign" foreign key ("provider_identity_id") references "auth"."provider_identity" ("id") on delete cascade
    )`)
    this.addSql(
      `create index "auth_reset_token_provider_identity_id_index" on "auth"."auth_reset_token" ("provider_identity_id")`,
    )
  }

  override down(): void {
    this.addSql(`drop table "auth"."auth_reset_token"`)
    this.addSql(`drop table "auth"."auth_session"`)
    this.addSql(`drop table "auth"."auth_attempt"`)
    this.addSql(`drop table "auth"."provider_identity"`)
    this.addSql(`drop table "auth"."auth_identity"`)
  }
}
