import { Migration } from "@marquetry/kernel"

export class CreateRoleTables extends Migration {
  override name = "20261126174414_create-roles"

  override up(): void {
    this.addSql(`create table "rbac"."role" (
      "id" text not null,
      "name" text not null,
      "description" text,
      "permissions" text[] not null default '{}',
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "role_permissions_check" check (cardinality(permissions) <= 1000)
    )`)
    this.addSql(`create unique index "role_name_unique" on "rbac"."role" ("name") where "deleted_at" is null`)
    this.addSql(
      `create index "role_search_index" on "rbac"."role" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("description", '')))`,
    )
    this.addSql(`create table "rbac"."role_assignment" (
      "id" text not null,
      "role_id" text not null,
      "actor_type" text not null,
      "actor_id" text not null,
      "created_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "role_assignment_unique" unique ("role_id", "actor_type", "actor_id"),
      constraint "role_assignment_role_id_foreign" foreign key ("role_id") references "rbac"."role" ("id")
    )`)
    this.addSql(`create index "role_assignment_actor_index" on "rbac"."role_assignment" ("actor_id", "actor_type")`)
  }

  override down(): void {
    this.addSql(`drop table "rbac"."role_assignment"`)
    this.addSql(`drop table "rbac"."role"`)
  }
}
