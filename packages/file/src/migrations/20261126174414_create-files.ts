import { Migration } from "@marquetry/kernel"

export class CreateFileTables extends Migration {
  override name = "20261126174414_create-files"

  override up(): void {
    this.addSql(`create table "file"."file" (
      "id" text not null,
      "filename" text not null,
      "mime_type" text not null,
      "size" bigint not null,
      "access" text not null,
      "provider_id" text not null,
      "key" text not null,
      "url" text,
      "created_by" text,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "file_access_check" check ("access" in ('public', 'private')),
      constraint "file_key_unique" unique ("key", "provider_id")
    )`)
    this.addSql(
      `create index "file_search_index" on "file"."file" using gin (to_tsvector('simple'::regconfig, coalesce("filename", '')))`,
    )
    this.addSql(`create table "file"."unclaimed_content" (
      "id" text not null,
      "filename" text not null,
      "mime_type" text not null,
      "size" bigint,
      "access" text not null,
      "provider_id" text not null,
      "key" text not null,
      "created_by" text,
      "is_doomed" boolean not null default false,
      "due_at" timestamptz(3) not null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "unclaimed_content_access_check" check ("access" in ('public', 'private')),
      constraint "unclaimed_content_key_unique" unique ("key", "provider_id")
    )`)
    this.addSql(`create index "unclaimed_content_due_at_index" on "file"."unclaimed_content" ("due_at")`)
  }

  override down(): void {
    this.addSql(`drop table "file"."unclaimed_content"`)
    this.addSql(`drop table "file"."file"`)
  }
}
