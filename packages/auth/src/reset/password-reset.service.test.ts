import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { ClaimsOutdated, ResetTokenInvalid, startAuth, type Claims } from "../index.ts"
import { someCredentials, testOptions } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startAuth>>

const provider = "emailpass"

describe("resetting a password", () => {
  let database: TestDatabase
  let alone: Alone
  let resets: Alone["resets"]
  let person: { email: string; password: string }
  let claims: Claims

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startAuth({ ...testOptions(), database: database.url, events: { relay: false } })
    await alone.migrate()
    resets = alone.resets
  })

  beforeEach(async () => {
    person = someCredentials()
    claims = (await alone.auth.register("customer", provider, person)).claims
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const newToken = async (email = person.email) => {
    const reset = await resets.requestReset(provider, email, "customer")
    return reset?.token ?? "none"
  }
  const login = (password: string) => alone.auth.login("customer", provider, { ...person, password })

  it("replaces the password by a token that is used once", async () => {
    const reset = await resets.requestReset(provider, ` ${person.email.toUpperCase()}`, "customer")
    const token = reset?.token ?? ""

    await resets.resetPassword(token, { password: "another password" })

    expect(reset?.entityId).toBe(person.email)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect((await login("another password")).claims.authIdentityId).toBe(claims.authIdentityId)
    await expect(login(person.password)).rejects.toMatchObject({ code: "auth.credentials_invalid" })
    await expect(resets.resetPassword(token, { password: "a third password" })).rejects.toThrow(ResetTokenInvalid)
  })

  it("lets one of many use a token that all use at once", async () => {
    const token = await newToken()

    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => resets.resetPassword(token, { password: `password ${index}` })),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(9)
    expect(lost.every((error) => error instanceof ResetTokenInvalid)).toBe(true)
    const winner = results.findIndex(({ status }) => status === "fulfilled")
    const { claims: now } = await login(`password ${winner}`)
    expect(now.credentialsVersion).toBe(1)
  })

  it("ends all sessions, and what was granted before begins no new one", async () => {
    const session = await alone.sessions.create(claims)
    const other = await newToken()

    await resets.resetPassword(await newToken(), { password: "another password" })

    expect(await alone.sessions.find(session)).toBeNull()
    await expect(alone.sessions.create(claims)).rejects.toThrow(ClaimsOutdated)
    await expect(alone.auth.refresh(claims)).rejects.toThrow(ClaimsOutdated)
    await expect(resets.resetPassword(other, { password: "a third password" })).rejects.toThrow(ResetTokenInvalid)
    const { claims: now } = await login("another password")
    expect(await alone.sessions.find(await alone.sessions.create(now))).toEqual(now)
  })

  it("ends a session too that was being begun when it came", async () => {
    const token = await newToken()
    const elsewhere = await startAuth({ ...testOptions(), database: database.url, events: { relay: false } })
    const reset = { promise: Promise.resolve(), isDone: false }
    // Asked outside the transaction, which would see what was when it asked first.
    const isWaiting = async () => {
      const waiting = await elsewhere.database.sql(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return waiting.length > 0
    }

    const session = await alone.database.transaction(async () => {
      const id = await alone.sessions.create(claims)
      reset.promise = elsewhere.resets
        .resetPassword(token, { password: "another password" })
        .finally(() => (reset.isDone = true))
      while (!reset.isDone && !(await isWaiting())) continue
      return id
    })
    await reset.promise

    expect(await alone.sessions.find(session)).toBeNull()
    await elsewhere.close()
  })

  it("lets in who was locked out by failures", async () => {
    await alone.database.run(`delete from "auth"."auth_attempt"`)
    for (let count = 0; count < 20; count++) await login("wrong").catch(() => {})
    await expect(login(person.password)).rejects.toMatchObject({ code: "auth.too_many_attempts" })

    await resets.resetPassword(await newToken(), { password: "another password" })

    expect((await login("another password")).claims.actorType).toBe("customer")
  })

  it("does not use up the token for a password that is refused", async () => {
    const token = await newToken()

    await expect(resets.resetPassword(token, { password: "short" })).rejects.toMatchObject({ code: "input.invalid" })
    await resets.resetPassword(token, { password: "long enough" })

    expect((await login("long enough")).claims.actorType).toBe("customer")
  })

  it("takes no token that has expired, and deletes it", async () => {
    const token = await newToken()
    await alone.database.run(`update "auth"."auth_reset_token" set expires_at = now() - interval '1 second'`)

    await expect(resets.resetPassword(token, { password: "another password" })).rejects.toThrow(ResetTokenInvalid)

    expect(await alone.auth.deleteExpired()).toBeGreaterThan(0)
    expect(await alone.database.sql(`select * from "auth"."auth_reset_token"`)).toEqual([])
  })

  it.each(["", "none", "x".repeat(43), "'; drop table"])("takes no token such as %j", async (token) => {
    await expect(resets.resetPassword(token, { password: "another password" })).rejects.toMatchObject({
      code: "auth.reset_token_invalid",
    })
  })

  it("gives no token for people whom nobody knows, and asks the database the same", async () => {
    const statements = (email: string) =>
      statementsOf(alone.database, () => resets.requestReset(provider, email, "customer"))

    const known = await statements(person.email)
    const unknown = await statements("nobody@example.com")

    expect(await resets.requestReset(provider, "nobody@example.com", "customer")).toBeNull()
    expect(unknown).toHaveLength(1)
    expect(known[0]).toBe(unknown[0])
    expect(known).toHaveLength(2)
  })

  it("gives a token to actors of the type and to who is none yet, not to others", async () => {
    const request = (actorType: string) => resets.requestReset(provider, person.email, actorType)

    expect(await request("user")).not.toBeNull()
    await alone.identities.attachActor(claims.authIdentityId, "customer", "cus_1")

    expect(await request("user")).toBeNull()
    expect(await request("customer")).not.toBeNull()
  })

  it("gives five tokens in a while, not more, however many ask at once", async () => {
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => resets.requestReset(provider, person.email, "customer")),
    )

    expect(asked.filter((reset) => reset !== null)).toHaveLength(5)
    await alone.database.run(`update "auth"."auth_attempt" set window_ends_at = now() - interval '1 second'`)
    expect(await resets.requestReset(provider, person.email, "customer")).not.toBeNull()
  })

  it("tells that it was asked for and done, but never the token, which is kept as a hash only", async () => {
    const token = await newToken()
    const kept = await alone.database.sql(`select * from "auth"."auth_reset_token"`)
    await resets.resetPassword(token, { password: "another password" })

    const sent = await alone.database.sql(
      `select name, payload from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [claims.authIdentityId],
    )

    const id = claims.authIdentityId
    expect(sent.slice(1)).toEqual([
      { name: "auth.password_reset_requested", payload: { id, provider, actorType: "customer" } },
      { name: "auth.password_changed", payload: { id, provider } },
    ])
    expect(JSON.stringify([sent, kept])).not.toContain(token)
  })
})
