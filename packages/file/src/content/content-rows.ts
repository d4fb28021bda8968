import type { Database } from "@marquetry/kernel"
import type { FileAccess } from "../file/file.schema.ts"

/** Content by where it is. */
export interface KeptContent {
  readonly id: string
  readonly providerId: string
  readonly key: string
}

/** Content that has arrived, and is about to be a file. */
export interface ArrivedContent {
  readonly id: string
  /** In bytes. */
  readonly size: number
  /** `null` for private files. */
  readonly url: string | null
}

const kept = `id, provider_id as "providerId", key`

const ADOPT = `with given as (
     select * from json_to_recordset($1::json) as row (id text, size bigint, url text)
   ), claimed as (
     delete from "file"."unclaimed_content" c using given where c.id = given.id and not c.is_doomed
     returning c.id, c.filename, c.mime_type, c.access, c.provider_id, c.key, c.readable_with, c.created_by, given.size, given.url
   )
   insert into "file"."file"
     (id, filename, mime_type, size, access, provider_id, key, url, readable_with, created_by, created_at, updated_at)
   select id, filename, mime_type, size, access, provider_id, key, url, readable_with, created_by, clock_timestamp(), clock_timestamp()
   from claimed order by id returning id`

/** Makes content a file, each once: the deletion of its claim decides. @returns the ids of those that are files now. */
export async function adopt(db: Database, contents: readonly ArrivedContent[]): Promise<string[]> {
  const rows = await db.sql<{ id: string }>(ADOPT, [JSON.stringify(contents)])
  return rows.map(({ id }) => id)
}

/** Content that was a file. */
export interface DisownedContent extends KeptContent {
  readonly url: string | null
}

const DISOWN = `with gone as (
     delete from "file"."file" where id = $1
     returning id, filename, mime_type, size, access, provider_id, key, url, readable_with, created_by
   ), left_over as (
     insert into "file"."unclaimed_content"
       (id, filename, mime_type, size, access, provider_id, key, readable_with, created_by, is_doomed, due_at, created_at, updated_at)
     -- Cut to what the column holds, which would round up: for half a millisecond it would not be due.
     select id, filename, mime_type, size, access, provider_id, key, readable_with, created_by, true,
       date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => $2), clock_timestamp(), clock_timestamp() from gone
   )
   select ${kept}, url from gone`

/**
 * Deletes a file, and keeps in mind that its content must go.
 *
 * @param lease seconds for which the removal is left to the caller.
 */
export async function disown(db: Database, id: string, lease: number): Promise<DisownedContent | undefined> {
  const [gone] = await db.sql<DisownedContent>(DISOWN, [id, lease])
  return gone
}

const RESTRICT = `update "file"."file" set readable_with = $2, updated_at = clock_timestamp()
   where id = $1 and access = 'private' and readable_with = '{}'`

/** Says what reading a private file takes, unless that is said. */
export async function restrict(db: Database, id: string, permissions: readonly string[]): Promise<void> {
  await db.run(RESTRICT, [id, permissions])
}

const DOOM = `update "file"."unclaimed_content"
   set is_doomed = true, due_at = clock_timestamp() + make_interval(secs => $2), updated_at = clock_timestamp()
   where id = any($1::text[]) and not is_doomed returning ${kept}`

/** Gives up claims: those that are answered become no file any more, and their content may be removed. */
export function doom(db: Database, ids: readonly string[], lease: number): Promise<KeptContent[]> {
  return db.sql<KeptContent>(DOOM, [ids, lease])
}

const CLAIM_DUE = `with due as materialized (
     select id as due_id from "file"."unclaimed_content"
     where due_at <= clock_timestamp() and provider_id = any($1::text[])
     order by due_at, id limit $2 for update skip locked
   )
   update "file"."unclaimed_content"
   set is_doomed = true, due_at = clock_timestamp() + make_interval(secs => $3), updated_at = clock_timestamp()
   from due where id = due_id returning ${kept}`

/** Content that is to be removed now; each goes to one process, for so many seconds. */
export function claimDue(
  db: Database,
  providerIds: readonly string[],
  limit: number,
  lease: number,
): Promise<KeptContent[]> {
  return db.sql<KeptContent>(CLAIM_DUE, [providerIds, limit, lease])
}

const FIND_CLAIM = `select ${kept}, size::float8 as size, access from "file"."unclaimed_content"
   where key = $1 and not is_doomed`

/** Content that was announced. */
export interface FoundClaim extends KeptContent {
  /** In bytes, where it was said. */
  readonly size: number | null
  readonly access: FileAccess
}

/** What was announced under a key, and is no file yet. */
export async function findClaim(db: Database, key: string): Promise<FoundClaim | undefined> {
  const [claim] = await db.sql<FoundClaim>(FIND_CLAIM, [key])
  return claim
}

/** Content that is nowhere any more. */
export async function forget(db: Database, ids: readonly string[]): Promise<void> {
  await db.run(`delete from "file"."unclaimed_content" where id = any($1::text[]) and is_doomed`, [ids])
}
