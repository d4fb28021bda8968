import { Migration } from "@marquetry/kernel"

export class CreateJobs extends Migration {
  override name = "20261115000000_create-jobs"

  override up(): void {
    this.addSql(`create table "framework"."scheduled_job" (
      "name" text not null,
      "schedule" text not null,
      "due_at" timestamptz(3) not null,
      "claim" text,
      "leased_until" timestamptz(3),
      primary key ("name")
    )`)
  }

  override down(): void {
    this.addSql(`drop table "framework"."scheduled_job"`)
  }
}
