import { Migration } from "@marquetry/kernel"

export class AddReadableWith extends Migration {
  override name = "20261126213000_add-readable-with"

  override up(): void {
    this.addSql(`alter table "file"."file" add column "readable_with" text[] not null default '{}'`)
    this.addSql(`alter table "file"."unclaimed_content" add column "readable_with" text[] not null default '{}'`)
  }

  override down(): void {
    this.addSql(`alter table "file"."unclaimed_content" drop column "readable_with"`)
    this.addSql(`alter table "file"."file" drop column "readable_with"`)
  }
}
