import {
  parse,
  type Database,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { AuditEntry } from "./audit-entry.entity.ts"
import { auditEntryResource } from "./audit-entry.resources.ts"
import { DeleteBefore, NewAuditEntries, type NewAuditEntry } from "./audit-entry.schema.ts"

const view = { "*": true } as const

/** An entry with all its fields. */
export type AuditEntryView = Selected<AuditEntry, typeof view>

/** Who did what, when. Nothing changes an entry; old ones are deleted as a whole. */
export class AuditService {
  readonly #db: Database
  readonly #query: Query

  constructor(db: Database, query: Query) {
    this.#db = db
    this.#query = query
  }

  /**
   * Writes entries in the transaction under way, so that they are kept if, and only if, what they tell of is: any number
   * in one statement, none without a statement.
   *
   * @throws {InvalidInput}
   */
  async record(entries: readonly NewAuditEntry[]): Promise<void> {
    await this.#db.insertRows(AuditEntry, parse(NewAuditEntries, entries))
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<AuditEntryView> {
    return this.#query.get(auditEntryResource, id, { fields: view })
  }

  /** Newest first unless said. */
  async list(options: ListOptions & { filter?: Filter<AuditEntry> } = {}): Promise<Page<AuditEntryView>> {
    return this.#query.list(auditEntryResource, { order: { id: "desc" }, ...options, fields: view })
  }

  /**
   * Deletes entries older than `date`, the oldest first and `limit` of them at most, so that no single call takes long:
   * call it until it answers less. Those who call at once share the work.
   *
   * @returns how many were deleted.
   * @throws {InvalidInput}
   */
  async deleteBefore(date: Date, limit: number): Promise<number> {
    const given = parse(DeleteBefore, { date, limit })
    return this.#db.run(deleteOldest, [given.date.toISOString(), given.limit])
  }
}

const deleteOldest = `with old as materialized (
     select id from "audit"."audit_entry" where created_at < $1::timestamptz
     order by created_at limit $2::int for update skip locked
   )
   delete from "audit"."audit_entry" entry using old where entry.id = old.id`
