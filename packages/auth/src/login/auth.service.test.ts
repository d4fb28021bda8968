import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  argon2id,
  authModule,
  ClaimsOutdated,
  CredentialsInvalid,
  emailPass,
  IdentityExists,
  startAuth,
  TooManyAttempts,
} from "../index.ts"
import { someCredentials, testOptions } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startAuth>>

const provider = "emailpass"
const lost = (results: PromiseSettledResult<unknown>[]) =>
  results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))

describe("logins", () => {
  let database: TestDatabase
  let alone: Alone
  let auth: Alone["auth"]

  const start = (overrides: Parameters<typeof testOptions>[0] = {}) =>
    startAuth({ ...testOptions(overrides), database: database.url, events: { relay: false } })

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await start()
    await alone.migrate()
    auth = alone.auth
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("register somebody who is nobody yet, and tell it", async () => {
    const { token, claims } = await auth.register("customer", provider, someCredentials())

    expect(await alone.tokens.verify(token)).toEqual(claims)
    expect(claims).toEqual({
      actorId: "",
      actorType: "customer",
      authIdentityId: expect.stringMatching(/^authid_[0-9A-Z]{26}$/) as string,
      authProvider: provider,
      appMetadata: {},
      userMetadata: {},
      credentialsVersion: 0,
    })
    const sent = await alone.database.sql(`select name, payload from "marquetry"."outbox" where aggregate_id = $1`, [
      claims.authIdentityId,
    ])
    const payload = { id: claims.authIdentityId, provider, actorType: "customer" }
    expect(sent).toEqual([{ name: "auth.identity_registered", payload }])
  })

  it("name the actor once there is one of their type, in any case of the e-mail address", async () => {
    const person = someCredentials()
    const { claims } = await auth.register("customer", provider, person)
    const before = await auth.login("customer", provider, person)
    await alone.identities.attachActor(claims.authIdentityId, "customer", "cus_1")

    const customer = await auth.login("customer", provider, { ...person, email: ` ${person.email.toUpperCase()}` })
    const user = await auth.login("user", provider, person)

    expect(before.claims.actorId).toBe("")
    expect(customer.claims).toMatchObject({ actorId: "cus_1", appMetadata: { customer_id: "cus_1" } })
    expect(await alone.tokens.verify(customer.token)).toEqual(customer.claims)
    expect(user.claims).toMatchObject({ actorId: "", actorType: "user", authIdentityId: claims.authIdentityId })
  })

  it("refuse to register an e-mail address twice, as whatever type of actor, and write nothing", async () => {
    const person = someCredentials()
    await auth.register("customer", provider, person)
    const count = async () => (await alone.query.listAny("auth_identity", { fields: { id: true } })).count
    const before = await count()

    await expect(auth.register("customer", provider, person)).rejects.toThrow(IdentityExists)
    await expect(auth.register("user", provider, { ...person, password: "one of mine" })).rejects.toMatchObject({
      code: "auth.identity_exists",
    })

    expect(await count()).toBe(before)
    await expect(auth.login("user", provider, { ...person, password: "one of mine" })).rejects.toThrow(
      CredentialsInvalid,
    )
  })

  it("let one of many have an e-mail address that all register at once", async () => {
    const person = someCredentials()

    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        auth.register("customer", provider, { ...person, password: `password ${index}` }),
      ),
    )

    expect(lost(results)).toHaveLength(19)
    expect(lost(results).every((error) => error instanceof IdentityExists)).toBe(true)
    const winner = results.findIndex(({ status }) => status === "fulfilled")
    const { claims } = await auth.login("customer", provider, { ...person, password: `password ${winner}` })
    expect(claims.authIdentityId).toMatch(/^authid_/)
  })

  it("do not say whether the password is wrong or nobody is known", async () => {
    const person = someCredentials()
    await auth.register("customer", provider, person)
    const failure = (input: unknown) => auth.login("customer", provider, input).catch((error: unknown) => error)

    const wrong = await failure({ ...person, password: "wrong" })
    const unknown = await failure(someCredentials())
    const noAddress = await failure({ email: "nobody", password: "wrong" })

    expect(wrong).toBeInstanceOf(CredentialsInvalid)
    expect(unknown).toEqual(wrong)
    expect(noAddress).toBeInstanceOf(CredentialsInvalid)
  })

  it("take two statements when they succeed, and one when they do not, whoever asks", async () => {
    const person = someCredentials()
    await auth.register("customer", provider, person)
    const statements = (input: unknown) =>
      statementsOf(alone.database, () => auth.login("customer", provider, input).catch(() => {}))

    const right = await statements(person)
    const wrong = await statements({ ...person, password: "wrong" })
    const unknown = await statements(someCredentials())

    expect(right).toHaveLength(2)
    expect(wrong).toHaveLength(1)
    expect(unknown).toEqual(wrong)
  })

  it.each([
    ["a provider that there is not", "customer", "carrier-pigeon", someCredentials(), "auth.unknown_provider"],
    ["a type of actor that cannot be", "Customer!", provider, someCredentials(), "input.invalid"],
    ["no password", "customer", provider, { email: "ada@example.com" }, "input.invalid"],
    ["U+0000", "customer", provider, someCredentials({ email: "a\0@example.com" }), "input.invalid"],
  ])("refuse %s", async (_, actorType, provider, input, code) => {
    await expect(auth.login(actorType, provider, input)).rejects.toMatchObject({ code })
    await expect(auth.register(actorType, provider, input)).rejects.toMatchObject({ code })
  })

  it("are refused inside a transaction, whose end could undo the count of failures", async () => {
    const login = () => auth.login("customer", provider, someCredentials())

    await expect(alone.database.transaction(login)).rejects.toThrow("inside a transaction")
  })

  it("renew the hash of a password when its cost has changed", async () => {
    const person = someCredentials()
    await auth.register("customer", provider, person)
    const dearer = await start({ providers: [emailPass({ hasher: argon2id({ memoryCost: 16, timeCost: 1 }) })] })

    await dearer.auth.login("customer", provider, person)

    const [kept] = await alone.database.sql<{ hash: string }>(
      `select provider_metadata ->> 'password' as hash from "auth"."provider_identity" where entity_id = $1`,
      [person.email],
    )
    expect(kept?.hash).toContain("m=16,t=1")
    expect((await auth.login("customer", provider, person)).claims.actorId).toBe("")
    await dearer.close()
  })

  it("list the ways to log in", () => {
    expect(auth.listProviders()).toEqual([
      { id: "emailpass", identifier: "emailpass", displayName: "Email and password", flow: "credentials" },
    ])
  })

  describe("that fail too often", () => {
    const limited = { maxFailedLogins: 5, failureWindow: 600 }
    const endWindows = () =>
      alone.database.run(`update "auth"."auth_attempt" set window_ends_at = now() - interval '1 second'`)

    it("are refused for that e-mail address, with the right password too, until the window ends", async () => {
      const { auth, close } = await start(limited)
      const person = someCredentials()
      await auth.register("customer", provider, person)
      for (let count = 0; count < 5; count++)
        await auth.login("customer", provider, { ...person, password: "wrong" }).catch(() => {})

      const refusal = await auth.login("user", provider, person).catch((error: unknown) => error)
      const other = someCredentials()
      await auth.register("customer", provider, other)

      expect(refusal).toBeInstanceOf(TooManyAttempts)
      const { retryAfter } = (refusal as TooManyAttempts).details
      expect(retryAfter).toBeGreaterThan(590)
      expect(retryAfter).toBeLessThanOrEqual(600)
      expect((await auth.login("customer", provider, other)).claims.actorType).toBe("customer")
      await endWindows()
      expect((await auth.login("customer", provider, person)).claims.actorType).toBe("customer")
      await close()
    })

    it("are forgotten by one that succeeds", async () => {
      const { auth, close } = await start(limited)
      const person = someCredentials()
      await auth.register("customer", provider, person)

      const outcomes: string[] = []
      for (let count = 0; count < 12; count++) {
        const password = count % 4 === 3 ? person.password : "wrong"
        const login = auth.login("customer", provider, { ...person, password })
        outcomes.push(await login.then(() => "let in").catch((error: Error) => error.name))
      }

      const four = ["CredentialsInvalid", "CredentialsInvalid", "CredentialsInvalid", "let in"]
      expect(outcomes).toEqual([...four, ...four, ...four])
      await close()
    })

    it("verify no more passwords than the limit, however many come at once to however many processes", async () => {
      let verified = 0
      const cheap = argon2id({ memoryCost: 8, timeCost: 1 })
      const counting = {
        ...cheap,
        verify: (hash: string, password: string) => {
          verified++
          return cheap.verify(hash, password)
        },
      }
      const options = { ...limited, providers: [emailPass({ hasher: counting })] }
      const one = await start(options)
      const two = await start(options)
      const known = someCredentials()
      await auth.register("customer", provider, known)

      for (const { email } of [known, someCredentials()]) {
        verified = 0
        const results = await Promise.allSettled(
          Array.from({ length: 60 }, (_, index) =>
            (index % 2 === 0 ? one : two).auth.login("customer", provider, { email, password: `guess ${index}` }),
          ),
        )
        expect(verified).toBe(5)
        expect(lost(results).filter((error) => error instanceof CredentialsInvalid)).toHaveLength(5)
        expect(lost(results).filter((error) => error instanceof TooManyAttempts)).toHaveLength(55)
      }
      await one.close()
      await two.close()
    })

    it("leave nothing behind once their window has ended, and no e-mail address at any time", async () => {
      const person = someCredentials()
      await alone.database.run(`delete from "auth"."auth_attempt"`)
      await auth.login("customer", provider, person).catch(() => {})
      const kept = await alone.database.sql(`select * from "auth"."auth_attempt"`)

      const early = await auth.deleteExpired()
      await endWindows()
      const deleted = await auth.deleteExpired()

      expect(JSON.stringify(kept)).not.toContain(person.email)
      expect([kept.length, early, deleted]).toEqual([1, 0, 1])
      expect(await alone.database.sql(`select * from "auth"."auth_attempt"`)).toEqual([])
    })
  })

  describe("a token that is refreshed", () => {
    it("names the actor of now", async () => {
      const { claims } = await auth.register("customer", provider, someCredentials())
      await alone.identities.attachActor(claims.authIdentityId, "customer", "cus_2")

      const statements = await statementsOf(alone.database, () => auth.refresh(claims))
      const refreshed = await auth.refresh(claims)

      expect(statements).toHaveLength(1)
      expect(refreshed.claims).toEqual({ ...claims, actorId: "cus_2", appMetadata: { customer_id: "cus_2" } })
      expect(await alone.tokens.verify(refreshed.token)).toEqual(refreshed.claims)
    })

    it("is refused once the identity is gone or the credentials have changed", async () => {
      const { claims } = await auth.register("customer", provider, someCredentials())

      await expect(auth.refresh({ ...claims, credentialsVersion: 1 })).rejects.toThrow(ClaimsOutdated)
      await alone.identities.delete(claims.authIdentityId)
      await expect(auth.refresh(claims)).rejects.toMatchObject({ code: "auth.claims_outdated" })
    })
  })

  it.each([
    ["a short secret", { jwtSecret: "x".repeat(31) }, "jwtSecret"],
    ["no secret", { jwtSecret: undefined as unknown as string }, "jwtSecret"],
    ["a token that is good for no time", { tokenLifetime: 0 }, "tokenLifetime"],
    ["an option that there is not", { secret: "x" }, "secret"],
  ] as [string, object, string][])("are not configured with %s", (_, fault, named) => {
    expect(() => authModule({ ...testOptions(), ...fault })).toThrow(named)
  })

  it("are not configured with two providers of one name", () => {
    expect(() => authModule(testOptions({ providers: [emailPass(), emailPass()] }))).toThrow(TypeError)
  })
})
