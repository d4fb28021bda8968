import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { ClaimsOutdated, startAuth, type Claims } from "../index.ts"
import { someCredentials, testOptions } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startAuth>>

const DAY = 86_400

describe("sessions", () => {
  let database: TestDatabase
  let alone: Alone
  let sessions: Alone["sessions"]
  let claims: Claims

  beforeAll(async () => {
    database = await createTestDatabase()
    const options = testOptions({ sessionLifetime: DAY })
    alone = await startAuth({ ...options, database: database.url, events: { relay: false } })
    await alone.migrate()
    sessions = alone.sessions
  })

  beforeEach(async () => {
    const granted = await alone.auth.register("customer", "emailpass", someCredentials())
    await alone.identities.attachActor(granted.claims.authIdentityId, "customer", "cus_1")
    claims = (await alone.auth.refresh(granted.claims)).claims
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  /** Moves the end of all sessions. */
  const endIn = (seconds: number) =>
    alone.database.run(
      `update "auth"."auth_session" set expires_at = clock_timestamp() + $1::int * interval '1 second'`,
      [seconds],
    )
  /** Seconds until the only session of the identity ends, and its version of the row. */
  const rowOf = async () => {
    const [row] = await alone.database.sql<{ left: number; version: string }>(
      `select extract(epoch from expires_at - clock_timestamp())::int as left, xmin::text as version
       from "auth"."auth_session" where auth_identity_id = $1`,
      [claims.authIdentityId],
    )
    return row as { left: number; version: string }
  }

  it("say who began them, in one statement each, and are kept as a hash only", async () => {
    const id = await sessions.create({ ...claims, userMetadata: { name: "Ada" } })

    const found = await sessions.find(id)

    expect(id).toMatch(/^[\w-]{43}$/)
    expect(found).toEqual({ ...claims, userMetadata: { name: "Ada" } })
    expect(await statementsOf(alone.database, () => sessions.find(id))).toHaveLength(1)
    expect(await statementsOf(alone.database, () => sessions.create(claims))).toHaveLength(1)
    const rows = await alone.database.sql(`select * from "auth"."auth_session"`)
    expect(JSON.stringify(rows)).not.toContain(id)
  })

  it("name the actor as of now", async () => {
    const id = await sessions.create(claims)

    await alone.identities.detachActor(claims.authIdentityId, "customer")
    const detached = await sessions.find(id)
    await alone.identities.attachActor(claims.authIdentityId, "customer", "cus_2")

    expect(detached).toMatchObject({ actorId: "", appMetadata: {} })
    expect(await sessions.find(id)).toMatchObject({ actorId: "cus_2" })
  })

  it("are not found by what they are not, without asking the database for what they cannot be", async () => {
    const id = await sessions.create(claims)
    const other = `${id.startsWith("A") ? "B" : "A"}${id.slice(1)}`

    const sent = await statementsOf(alone.database, async () => {
      for (const text of ["", "short", `${id}x`, `${id.slice(1)}'`]) expect(await sessions.find(text)).toBeNull()
    })

    expect(sent).toEqual([])
    expect(await sessions.find(other)).toBeNull()
  })

  it("end when they are deleted", async () => {
    const [first, second, third] = [
      await sessions.create(claims),
      await sessions.create(claims),
      await sessions.create(claims),
    ]

    await sessions.delete(first)
    await sessions.delete(first)
    expect(await sessions.find(first)).toBeNull()
    expect(await sessions.find(second)).not.toBeNull()

    expect(await sessions.deleteAllOf(claims.authIdentityId)).toBe(2)
    expect(await sessions.find(third)).toBeNull()
  })

  it("end when they have expired, and are then deleted by a job", async () => {
    await alone.database.run(`delete from "auth"."auth_session"`)
    const id = await sessions.create(claims)

    expect(await sessions.deleteExpired()).toBe(0)
    await endIn(-1)

    expect(await sessions.find(id)).toBeNull()
    expect(await sessions.deleteExpired()).toBe(1)
  })

  it("are extended by use, but not written by every request", async () => {
    const id = await sessions.create(claims)
    const begun = await rowOf()
    await sessions.find(id)
    const soon = await rowOf()

    await endIn(DAY - 3_500)
    await sessions.find(id)
    const later = await rowOf()
    await endIn(DAY - 3_700)
    const found = await Promise.all(Array.from({ length: 10 }, () => sessions.find(id)))
    const extended = await rowOf()

    expect(begun.left).toBeGreaterThan(DAY - 60)
    expect(soon.version).toBe(begun.version)
    expect(later.left).toBeLessThanOrEqual(DAY - 3_500)
    expect(found).toEqual(Array.from({ length: 10 }, () => claims))
    expect(extended.left).toBeGreaterThan(DAY - 60)
  })

  it("are not begun by who is gone, or by credentials of before", async () => {
    await expect(sessions.create({ ...claims, credentialsVersion: 1 })).rejects.toThrow(ClaimsOutdated)
    await alone.identities.delete(claims.authIdentityId)
    await expect(sessions.create(claims)).rejects.toThrow(ClaimsOutdated)
  })
})
