import { Migration } from "@marquetry/kernel"

/** From a line in the logs to what the request has done. */
export class IndexAuditEntriesByRequest extends Migration {
  override name = "20261126184000_index-audit-entries-by-request"

  override up(): void {
    this.addSql(`create index "audit_entry_request_id_index" on "audit"."audit_entry" ("request_id")`)
  }

  override down(): void {
    this.addSql(`drop index "audit"."audit_entry_request_id_index"`)
  }
}
