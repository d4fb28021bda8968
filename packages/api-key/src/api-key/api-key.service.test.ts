import type { AnyRead } from "@marquetry/kernel"
import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { ApiKeyNotRevoked, startApiKey, usablePublishableKey, type CreateApiKey, type UpdateApiKey } from "../index.ts"
import { anApiKey } from "../testing.ts"
import { ApiKey } from "./api-key.entity.ts"
import { hashOf, newToken } from "./token.ts"

type ApiKeys = Awaited<ReturnType<typeof startApiKey>>

describe("API keys", () => {
  let database: TestDatabase
  let alone: ApiKeys
  let apiKeys: ApiKeys["apiKeys"]

  const change = (id: string, assignment: string) =>
    alone.database.run(`update "api_key"."api_key" set ${assignment} where id = $1`, [id])
  const versionOf = async (id: string) => {
    const [row] = await alone.database.sql<{ xmin: string }>(
      `select xmin::text from "api_key"."api_key" where id = $1`,
      [id],
    )
    return row?.xmin
  }

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startApiKey({ database: database.url, events: { relay: false } })
    await alone.migrate()
    apiKeys = alone.apiKeys
  })

  beforeEach(() => alone.database.run(`delete from "api_key"."api_key"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("answers the token of a publishable key at any time", async () => {
    const { token, ...key } = await apiKeys.create(anApiKey({ createdBy: "user_1" }))

    expect(token).toMatch(/^pk_[0-9a-f]{64}$/)
    expect(key).toMatchObject({ title: "Storefront", type: "publishable", createdBy: "user_1", lastUsedAt: null })
    expect(key.redacted).toBe(`${token.slice(0, 6)}***${token.slice(-3)}`)
    expect(await apiKeys.get(key.id)).toEqual({ ...key, token })
    expect((await apiKeys.list({ filter: { token } })).count).toBe(1)
  })

  it("answers the token of a secret key once, and keeps it nowhere", async () => {
    const { id, token, redacted } = await apiKeys.create(anApiKey({ type: "secret", title: "ERP" }))

    expect(token).toMatch(/^sk_[0-9a-f]{64}$/)
    expect(redacted.startsWith("sk_")).toBe(true)
    expect(await apiKeys.get(id)).toMatchObject({ token: null, redacted })
    const rows = await alone.database.sql<{ text: string }>(
      `select k::text as text from "api_key"."api_key" k union all select payload::text from "marquetry"."outbox"`,
    )
    expect(rows.some(({ text }) => text.includes(token.slice(6)))).toBe(false)
  })

  it.each(["fields", "filter", "order"])("keeps the hash out of every read, as one of its %s", async (place) => {
    const { token } = await apiKeys.create(anApiKey({ type: "secret" }))
    const value = { fields: true, filter: hashOf(token), order: "asc" }[place]

    for (const name of ["tokenHash", "token_hash"]) {
      const read = { fields: { id: true }, [place]: { [name]: value } } as AnyRead
      await expect(alone.query.listAny("api_key", read)).rejects.toMatchObject({ code: "query.invalid" })
    }
    const { rows } = await alone.query.listRaw("api_key", { fields: { "*": true }, names: "wire" })
    expect(rows).not.toContain("hash")
    expect(rows).not.toContain(hashOf(token))
  })

  it.each(["publishable", "secret"] as const)("lets a %s key in by its token, as what it is", async (type) => {
    const { token, ...made } = await apiKeys.create(anApiKey({ type }))
    const [own, other] =
      type === "secret"
        ? [apiKeys.authenticateSecret(token), apiKeys.authenticatePublishable(token)]
        : [apiKeys.authenticatePublishable(token), apiKeys.authenticateSecret(token)]

    const expected = { ...made, token: type === "secret" ? null : token }
    expect(await own).toEqual(expected)
    expect(await other).toBeNull()
    expect(await apiKeys.authenticate(token)).toMatchObject({ id: made.id, lastUsedAt: expect.any(String) })
  })

  it("knows a key in one statement, and what cannot be one in none", async () => {
    const publishable = await apiKeys.create(anApiKey())
    const secret = await apiKeys.create(anApiKey({ type: "secret" }))

    const known = await statementsOf(alone.database, () => apiKeys.authenticate(publishable.token))
    const hashed = await statementsOf(alone.database, () => apiKeys.authenticate(secret.token))
    const unknown = await statementsOf(alone.database, () => apiKeys.authenticate(newToken("publishable")))
    const nonsense = await statementsOf(alone.database, () => apiKeys.authenticate("pk_\0"))

    expect([known, hashed, unknown, nonsense].map(({ length }) => length)).toEqual([1, 1, 1, 0])
  })

  it.each([
    ["nothing", ""],
    ["a token that was never made", newToken("publishable")],
    ["a secret one that was never made", newToken("secret")],
    ["a prefix alone", "sk_"],
    ["a character that Postgres has not", "pk_\0"],
    ["an unknown kind of token", `ak_${"0".repeat(64)}`],
  ])("lets %s in as nobody", async (_, token) => {
    await apiKeys.create(anApiKey())

    expect(await apiKeys.authenticate(token)).toBeNull()
  })

  it.each(["publishable", "secret"] as const)(
    "does not let in by the hash of a %s key, or by what is shown",
    async (type) => {
      const { token, redacted, id } = await apiKeys.create(anApiKey({ type }))

      for (const wrong of [
        hashOf(token),
        `sk_${hashOf(token)}`,
        `pk_${hashOf(token)}`,
        redacted,
        id,
        token.toUpperCase(),
      ]) {
        expect(await apiKeys.authenticate(wrong)).toBeNull()
      }
    },
  )

  it("notes the use of a key at most once a minute", async () => {
    const { id, token } = await apiKeys.create(anApiKey())
    const before = Date.now()

    await apiKeys.authenticate(token)
    const first = await apiKeys.get(id)
    const version = await versionOf(id)
    await apiKeys.authenticate(token)
    await apiKeys.authenticate(token)

    expect(Math.abs(Date.parse(first.lastUsedAt ?? "") - before)).toBeLessThan(10_000)
    expect(first.updatedAt).toBe(first.createdAt)
    expect(await versionOf(id)).toBe(version)
    await change(id, `last_used_at = now() - interval '61 seconds'`)
    await apiKeys.authenticate(token)
    expect(Date.parse((await apiKeys.get(id)).lastUsedAt ?? "")).toBeGreaterThanOrEqual(before)
  })

  it("does not wait for a key that somebody is changing", async () => {
    const { id, token, title } = await apiKeys.create(anApiKey())

    await alone.database.transaction(async () => {
      await apiKeys.update(id, { title: "Changing" })
      const outside = await startApiKey({ database: database.url, events: { relay: false } })
      const key = await outside.apiKeys.authenticate(token)
      await outside.close()
      expect(key?.title).toBe(title)
    })
  })

  it("lets many in at once", async () => {
    const { id, token } = await apiKeys.create(anApiKey())

    const keys = await Promise.all(Array.from({ length: 20 }, () => apiKeys.authenticate(token)))

    expect(keys.map((key) => key?.id)).toEqual(Array.from({ length: 20 }, () => id))
  })

  it("refuses a key from the moment that it is revoked", async () => {
    const { id, token } = await apiKeys.create(anApiKey())

    const revoked = await apiKeys.revoke(id, { revokedBy: "user_1" })

    expect(revoked).toMatchObject({ revokedBy: "user_1", revokedAt: expect.any(String) })
    expect(await apiKeys.authenticate(token)).toBeNull()
  })

  it("lets a key in until the moment that it is to be revoked, and that moment be moved until it is there", async () => {
    const { id, token } = await apiKeys.create(anApiKey({ type: "secret" }))

    const later = await apiKeys.revoke(id, { revokeIn: 3_600, revokedBy: "user_1" })
    expect(Date.parse(later.revokedAt ?? "") - Date.now()).toBeGreaterThan(3_590_000)
    expect(await apiKeys.authenticate(token)).toMatchObject({ id })
    const now = await apiKeys.revoke(id)
    expect(await apiKeys.authenticate(token)).toBeNull()
    const still = await apiKeys.revoke(id, { revokeIn: 3_600 })

    expect(still).toEqual(now)
  })

  it("refuses a key whose time has come without anybody doing anything", async () => {
    const { id, token } = await apiKeys.create(anApiKey())
    await apiKeys.revoke(id, { revokeIn: 60 })

    await change(id, `revoked_at = now()`)

    expect(await apiKeys.authenticate(token)).toBeNull()
  })

  it("deletes a key only after it was revoked", async () => {
    const { id, token } = await apiKeys.create(anApiKey())

    await expect(apiKeys.delete(id)).rejects.toThrow(ApiKeyNotRevoked)
    await apiKeys.revoke(id, { revokeIn: 60 })
    await expect(apiKeys.delete(id)).rejects.toThrow(ApiKeyNotRevoked)
    await apiKeys.revoke(id)
    await apiKeys.delete(id)

    await expect(apiKeys.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(apiKeys.delete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await change(id, `revoked_at = null`)
    expect(await apiKeys.authenticate(token)).toBeNull()
  })

  it("lets one of many revoke it, and tells it once", async () => {
    const { id } = await apiKeys.create(anApiKey())

    const keys = await Promise.all(
      Array.from({ length: 6 }, (_, index) => apiKeys.revoke(id, { revokedBy: `u${index}` })),
    )

    expect(new Set(keys.map(({ revokedBy }) => revokedBy)).size).toBe(1)
    const [row] = await alone.database.sql(
      `select count(*)::int as told from "marquetry"."outbox" where aggregate_id = $1 and name = 'api-key.revoked'`,
      [id],
    )
    expect(row).toEqual({ told: 1 })
  })

  it("stays revoked when another revocation, of later, has waited for it", async () => {
    const { id } = await apiKeys.create(anApiKey())
    const outside = await startApiKey({ database: database.url, events: { relay: false } })
    const waiting = async () => {
      const [row] = await alone.database.sql<{ count: number }>(`select count(*)::int from pg_locks where not granted`)
      return (row?.count ?? 0) > 0
    }

    const late = await alone.database.transaction(async () => {
      await apiKeys.update(id, { title: "Held" })
      const revocation = outside.apiKeys.revoke(id, { revokeIn: 3_600, revokedBy: "late" })
      await vi.waitUntil(waiting, { interval: 5, timeout: 10_000 })
      await apiKeys.revoke(id, { revokedBy: "first" })
      // Not the promise itself, which waits for this transaction.
      return { revocation }
    })

    expect((await late.revocation).revokedBy).toBe("first")
    await outside.close()
  })

  it("is found by a filter while it is valid, to be read with what is linked to it", async () => {
    const { id, token } = await apiKeys.create(anApiKey())
    const secret = await apiKeys.create(anApiKey({ type: "secret" }))
    const find = (filter = usablePublishableKey(token) ?? {}) => apiKeys.list({ filter })

    expect((await find()).rows.map((key) => key.id)).toEqual([id])
    expect(usablePublishableKey(secret.token)).toBeNull()
    expect(usablePublishableKey("pk_\0")).toBeNull()
    await change(id, `revoked_at = now() + interval '1 hour'`)
    expect((await find()).count).toBe(1)
    await change(id, `revoked_at = now() - interval '1 hour'`)
    expect((await find()).count).toBe(0)
  })

  it("has its use noted apart, at most once a minute, without waiting for who is changing it", async () => {
    const { id } = await apiKeys.create(anApiKey())
    const noted = async () => (await apiKeys.get(id)).lastUsedAt

    await alone.database.transaction(async () => {
      await apiKeys.update(id, { title: "Changing" })
      const outside = await startApiKey({ database: database.url, events: { relay: false } })
      await outside.apiKeys.noteUse(id, null)
      await outside.close()
    })
    expect(await noted()).toBeNull()

    await apiKeys.noteUse(id, null)
    const [first, version] = [await noted(), await versionOf(id)]
    expect(first).not.toBeNull()
    expect(await statementsOf(alone.database, () => apiKeys.noteUse(id, first))).toEqual([])
    await apiKeys.noteUse(id, null)
    expect(await versionOf(id)).toBe(version)
  })

  it("has another title when it is given one", async () => {
    const { id, token } = await apiKeys.create(anApiKey())

    const renamed = await apiKeys.update(id, { title: " New " })

    expect(renamed).toMatchObject({ title: "New", token })
    expect((await apiKeys.list({ q: "new" })).count).toBe(1)
  })

  it.each([
    ["a publishable key without a token", { type: "publishable" }, "api_key_token_check"],
    ["a secret key with a token", { type: "secret", token: "sk_x", tokenHash: "x" }, "api_key_token_check"],
    ["a secret key without a hash", { type: "secret" }, "api_key_token_hash_check"],
    [
      "a publishable key with a hash",
      { type: "publishable", token: "pk_x", tokenHash: "x" },
      "api_key_token_hash_check",
    ],
    ["a key of another type", { type: "open" }, "api_key_type_check"],
  ] as [string, Record<string, unknown>, string][])(
    "has a database that refuses %s",
    async (_, columns, constraint) => {
      const row = { title: "Forged", redacted: "", ...columns }

      await expect(alone.database.insertRows(ApiKey, [row])).rejects.toMatchObject({ code: "23514", constraint })
    },
  )

  it.each([
    ["create without a title", () => apiKeys.create(anApiKey({ title: " " }))],
    ["create of an unknown type", () => apiKeys.create({ title: "x", type: "open" as "secret" })],
    ["create with a token of the caller's", () => apiKeys.create({ ...anApiKey(), token: "pk_mine" } as CreateApiKey)],
    ["update of the type", () => apiKeys.update("apk_none", { title: "x", type: "secret" } as UpdateApiKey)],
    ["revoke in the past", () => apiKeys.revoke("apk_none", { revokeIn: -1 })],
    ["revoke in a thousand years", () => apiKeys.revoke("apk_none", { revokeIn: 1e12 })],
  ])("refuses to %s", async (_, work) => {
    await expect(work()).rejects.toMatchObject({ code: "input.invalid" })
  })

  it.each([
    ["update", () => apiKeys.update("apk_none", { title: "x" })],
    ["revoke", () => apiKeys.revoke("apk_none")],
    ["delete", () => apiKeys.delete("apk_none")],
    ["get", () => apiKeys.get("apk_none")],
  ])("cannot %s what there is not", async (_, work) => {
    await expect(work()).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await apiKeys.create(anApiKey())
    await apiKeys.update(id, { title: "Other" })
    await alone.database
      .transaction(async () => {
        await apiKeys.revoke(id)
        throw new Error("changed my mind")
      })
      .catch(() => {})
    const { revokedAt } = await apiKeys.revoke(id)
    await apiKeys.delete(id)

    const sent = await alone.database.sql(
      `select name, payload from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    expect(sent).toEqual([
      { name: "api-key.created", payload: { id, type: "publishable" } },
      { name: "api-key.updated", payload: { id } },
      { name: "api-key.revoked", payload: { id, revokedAt } },
      { name: "api-key.deleted", payload: { id } },
    ])
  })
})
