import { Migration } from "@marquetry/kernel"

/** Merchants look at what was sent last. */
export class IndexNotificationsByTime extends Migration {
  override name = "20261126184000_index-notifications-by-time"

  override up(): void {
    this.addSql(`create index "notification_created_at_index" on "notification"."notification" ("created_at", "id")`)
  }

  override down(): void {
    this.addSql(`drop index "notification"."notification_created_at_index"`)
  }
}
