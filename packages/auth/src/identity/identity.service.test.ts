import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ActorExists, startAuth } from "../index.ts"
import { someCredentials, testOptions } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startAuth>>

describe("identities", () => {
  let database: TestDatabase
  let alone: Alone
  let identities: Alone["identities"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startAuth({ ...testOptions(), database: database.url, events: { relay: false } })
    await alone.migrate()
    identities = alone.identities
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const registered = async (person = someCredentials()) => {
    const { claims } = await alone.auth.register("customer", "emailpass", person)
    return claims.authIdentityId
  }

  it("show who they are and how they log in, and nothing of the password", async () => {
    const person = someCredentials()
    const id = await registered(person)
    await identities.attachActor(id, "customer", "cus_1")
    await identities.attachActor(id, "user", "user_1")

    const identity = await identities.get(id)

    expect(identity).toMatchObject({ id, appMetadata: { customer_id: "cus_1", user_id: "user_1" } })
    expect(identity.providerIdentities).toEqual([
      {
        id: expect.stringMatching(/^provid_/) as string,
        provider: "emailpass",
        entityId: person.email,
        userMetadata: {},
      },
    ])
    expect(await identities.findByActor("user", "user_1")).toEqual(identity)
    expect(await identities.findByActor("customer", "user_1")).toBeNull()
  })

  it("let nobody read or guess the hash of a password through their resources", async () => {
    const { query } = alone
    await registered()
    const hidden = { providerMetadata: { $ne: null } }

    const { rows } = await query.listAny("auth_identity", { fields: { "*": true, providerIdentities: true } })

    expect(JSON.stringify(rows)).toContain("emailpass")
    expect(JSON.stringify(rows)).not.toContain("argon2")
    await expect(query.listAny("provider_identity", { fields: { id: true }, filter: hidden })).rejects.toMatchObject({
      code: "query.invalid",
    })
    await expect(
      query.listAny("auth_identity", { fields: { id: true }, filter: { providerIdentities: hidden } }),
    ).rejects.toMatchObject({ code: "query.invalid" })
  })

  it("become an actor of a type once, in one statement, however many want it at once", async () => {
    const id = await registered()

    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => identities.attachActor(id, "customer", `cus_${index}`)),
    )
    const winner = results.findIndex(({ status }) => status === "fulfilled")

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(9)
    expect(lost.every((error) => error instanceof ActorExists)).toBe(true)
    expect((await identities.get(id)).appMetadata).toEqual({ customer_id: `cus_${winner}` })
    expect(await statementsOf(alone.database, () => identities.attachActor(id, "user", "user_1"))).toHaveLength(1)
  })

  it("are no actor once it is detached, and can become another", async () => {
    const id = await registered()
    await identities.attachActor(id, "customer", "cus_a")
    await identities.attachActor(id, "user", "user_a")

    await identities.detachActor(id, "customer")
    await identities.detachActor(id, "customer")

    expect((await identities.get(id)).appMetadata).toEqual({ user_id: "user_a" })
    await identities.attachActor(id, "customer", "cus_b")
    expect((await identities.findByActor("customer", "cus_b"))?.id).toBe(id)
  })

  it("are deleted with all that they have, and their e-mail address may register again", async () => {
    const person = someCredentials()
    const { claims } = await alone.auth.register("customer", "emailpass", person)
    const session = await alone.sessions.create(claims)
    await alone.resets.requestReset("emailpass", person.email, "customer")

    await identities.delete(claims.authIdentityId)

    await expect(alone.auth.login("customer", "emailpass", person)).rejects.toMatchObject({
      code: "auth.credentials_invalid",
    })
    expect(await alone.sessions.find(session)).toBeNull()
    expect(await registered(person)).not.toBe(claims.authIdentityId)
  })

  it("are not found when there are none", async () => {
    const notFound = { code: "resource.not_found", details: { id: "authid_none" } }

    await expect(identities.get("authid_none")).rejects.toMatchObject(notFound)
    await expect(identities.attachActor("authid_none", "customer", "cus_1")).rejects.toMatchObject(notFound)
    await expect(identities.detachActor("authid_none", "customer")).rejects.toMatchObject(notFound)
    await expect(identities.delete("authid_none")).rejects.toMatchObject(notFound)
  })

  it("refuse actors without an id", async () => {
    const id = await registered()

    await expect(identities.attachActor(id, "customer", "")).rejects.toMatchObject({ code: "input.invalid" })
    await expect(identities.attachActor(id, "a b", "cus_1")).rejects.toMatchObject({ code: "input.invalid" })
  })
})
