import { hashOf } from "../token/secret.ts"

/** How many attempts are admitted for one identifier, in how many seconds. */
export interface AttemptLimit {
  readonly limit: number
  readonly window: number
}

export type AttemptKind = "login" | "reset"

/** Under which key attempts are counted. */
export const attemptId = (kind: AttemptKind, provider: string, entityId: string): string =>
  `${kind}:${hashOf(`${provider}\0${entityId}`)}`

/**
 * Counts an attempt under the key `$1`, at most `$2` in `$3` seconds; it has a row if the attempt is admitted. One upsert:
 * of any number of callers at once, in any number of processes, no more than the limit are admitted.
 */
export const countAttempt = `counted as (
     insert into "auth"."auth_attempt" as a (id, attempts, window_ends_at)
     values ($1, 1, clock_timestamp() + $3::int * interval '1 second')
     on conflict (id) do update set
       attempts = case when a.window_ends_at > clock_timestamp() then a.attempts + 1 else 1 end,
       window_ends_at = case when a.window_ends_at > clock_timestamp() then a.window_ends_at else excluded.window_ends_at end
     where a.attempts < $2::int or a.window_ends_at <= clock_timestamp()
     returning id
   )`

/** Seconds until the window of `$1` ends. */
export const retryAfter = `coalesce(
     (select greatest(ceil(extract(epoch from window_ends_at - clock_timestamp())), 1)::int
      from "auth"."auth_attempt" where id = $1), $3::int)`
