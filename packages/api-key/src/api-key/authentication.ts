import type { ApiKeyView } from "./api-key.view.ts"

const instant = (column: string) => `to_char(k.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** How each field of the view is read; one that is forgotten does not compile. */
const fields: Record<keyof ApiKeyView, string> = {
  id: "k.id",
  type: "k.type",
  title: "k.title",
  token: "k.token",
  redacted: "k.redacted",
  lastUsedAt: instant("last_used_at"),
  createdBy: "k.created_by",
  revokedBy: "k.revoked_by",
  revokedAt: instant("revoked_at"),
  createdAt: instant("created_at"),
  updatedAt: instant("updated_at"),
  deletedAt: "null",
}

const selected = Object.entries(fields)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(", ")

/**
 * Whether a key is accepted, by the database's clock: those of several processes differ. And by the time of looking, not
 * that of the transaction or statement, which may have waited while the key was revoked.
 */
export const isValid = "deleted_at is null and (revoked_at is null or revoked_at > clock_timestamp())"

/**
 * Finds a valid key by `$1` and notes that it was used, unless that was noted in the last minute: so most requests
 * only read. The note is left to whoever comes first; the others do not wait for the row.
 */
const find = (column: "token" | "token_hash") =>
  `with found as (
     select * from "api_key"."api_key" where ${column} = $1 and ${isValid}
   ), unnoted as (
     select a.id from found join "api_key"."api_key" a on a.id = found.id
     where found.last_used_at is null or found.last_used_at <= clock_timestamp() - interval '1 minute'
     for update of a skip locked
   ), noted as (
     update "api_key"."api_key" a set last_used_at = clock_timestamp() from unnoted where a.id = unnoted.id
   )
   select ${selected} from found k`

// A publishable token and a hash have an index of their own each, and the check constraints tie them to the type.
export const findByToken = find("token")
export const findByHash = find("token_hash")

/** Marks a key as used, unless that was done in the last minute or somebody is changing it. */
export const noteUse = `with unnoted as (
     select id from "api_key"."api_key"
     where id = $1 and (last_used_at is null or last_used_at <= clock_timestamp() - interval '1 minute')
     for update skip locked
   )
   update "api_key"."api_key" a set last_used_at = clock_timestamp() from unnoted where a.id = unnoted.id`
