import { Migration } from "@marquetry/kernel"

export class CreateUserTables extends Migration {
  override name = "20261126174413_create-users"

  override up(): void {
    this.addSql(`create table "user"."user" (
      "id" text not null,
      "email" text not null,
      "first_name" text,
      "last_name" text,
      "avatar_url" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(`create unique index "user_email_unique" on "user"."user" ("email") where "deleted_at" is null`)
    this.addSql(
      `create index "user_search_index" on "user"."user" using gin (to_tsvector('simple'::regconfig, coalesce("email", '') || ' ' || coalesce("first_name", '') || ' ' || coalesce("last_name", '')))`,
    )
    this.addSql(`create table "user"."invite" (
      "id" text not null,
      "email" text not null,
      "accepted" boolean not null default false,
      "token" text not null,
      "token_hash" text not null,
      "expires_at" timestamptz(3) not null,
      "roles" text[] not null default '{}',
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "invite_token_hash_unique" unique ("token_hash")
    )`)
    this.addSql(
      `create unique index "invite_email_unique" on "user"."invite" ("email") where not "accepted" and "deleted_at" is null`,
    )
    this.addSql(
      `create index "invite_search_index" on "user"."invite" using gin (to_tsvector('simple'::regconfig, coalesce("email", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "user"."invite"`)
    this.addSql(`drop table "user"."user"`)
  }
}
