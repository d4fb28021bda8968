import { Migration } from "@marquetry/kernel"

export class CreateUserTable extends Migration {
  override name = "20261126174413_create-users"

  override up(): void {
    this.addSql(`create table "user"."user" (
      "id" text not null,
      "name" text not null,
      "handle" text not null,
      "description" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(`create unique index "user_handle_unique" on "user"."user" ("handle") where "deleted_at" is null`)
    this.addSql(
      `create index "user_search_index" on "user"."user" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("description", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "user"."user"`)
  }
}
