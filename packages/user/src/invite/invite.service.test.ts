import type { AnyRead } from "@marquetry/kernel"
import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  EmailTaken,
  InviteInvalid,
  InvitePending,
  InviteUsed,
  startUser,
  type AcceptInvite,
  type CreateInvite,
} from "../index.ts"
import { anInvite, aUser } from "../testing.ts"
import { hashOf, newToken } from "./token.ts"

type Users = Awaited<ReturnType<typeof startUser>>

const WEEK = 604_800_000

describe("invites", () => {
  let database: TestDatabase
  let alone: Users
  let users: Users["users"]
  let invites: Users["invites"]

  const expire = (id: string) =>
    alone.database.run(`update "user"."invite" set expires_at = now() - interval '1 second' where id = $1`, [id])
  const told = (id: string) =>
    alone.database.sql<{ name: string; payload: unknown }>(
      `select name, payload from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startUser({ database: database.url, events: { relay: false } })
    await alone.migrate()
    ;({ users, invites } = alone)
  })

  beforeEach(() => alone.database.run(`truncate "user"."user", "user"."invite", "marquetry"."outbox"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("answer their token once; what is kept and shown afterwards opens nothing", async () => {
    const { token, ...invite } = await invites.create({
      email: "Ada@Example.com",
      roles: ["role_1", "role_2", "role_1"],
      metadata: { by: "Grace" },
    })

    expect(token).toMatch(/^[\w-]{43}$/)
    expect(invite).toMatchObject({ email: "ada@example.com", accepted: false, roles: ["role_1", "role_2"] })
    expect(Math.abs(Date.parse(invite.expiresAt) - Date.now() - WEEK)).toBeLessThan(10_000)
    expect(await invites.get(invite.id)).toEqual({ ...invite, token: `…${token.slice(-4)}` })
    const kept = await alone.database.sql<{ text: string }>(
      `select i::text as text from "user"."invite" i union all select payload::text from "marquetry"."outbox"`,
    )
    expect(JSON.stringify(kept)).not.toContain(token.slice(0, -4))
    for (const shown of [hashOf(token), `…${token.slice(-4)}`, invite.id]) {
      await expect(invites.accept(shown)).rejects.toThrow(InviteInvalid)
    }
  })

  it.each(["fields", "filter", "order"])("keep the hash out of every read, as one of its %s", async (place) => {
    const { token } = await invites.create(anInvite())
    const value = { fields: true, filter: hashOf(token), order: "asc" }[place]

    for (const name of ["tokenHash", "token_hash"]) {
      const read = { fields: { id: true }, [place]: { [name]: value } } as AnyRead
      await expect(alone.query.listAny("invite", read)).rejects.toMatchObject({ code: "query.invalid" })
    }
    const { rows } = await alone.query.listRaw("invite", { fields: { "*": true }, names: "wire" })
    expect(rows).not.toContain(hashOf(token))
  })

  it("are made in order, many in as many statements as one", async () => {
    const inputs = Array.from({ length: 200 }, () => anInvite())

    const forOne = await statementsOf(alone.database, () => invites.create(anInvite()))
    let made: { id: string; email: string; token: string }[] = []
    const forMany = await statementsOf(alone.database, async () => (made = await invites.createMany(inputs)))

    expect(made.map(({ email }) => email)).toEqual(inputs.map(({ email }) => email))
    expect(forOne).toHaveLength(4)
    expect(forMany).toHaveLength(4)
    const { user } = await invites.accept(made[150]?.token ?? "")
    expect(user.email).toBe(inputs[150]?.email)
    expect(await invites.createMany([])).toEqual([])
  })

  it("make a user of their e-mail address, and tell the roles to give", async () => {
    const { id, token, email } = await invites.create(anInvite({ roles: ["role_1"] }))

    const { user, roles } = await invites.accept(token, { email: email.toUpperCase(), firstName: "Ada" })

    expect(user).toMatchObject({ email, firstName: "Ada", lastName: null })
    expect(await users.get(user.id)).toEqual(user)
    expect(roles).toEqual(["role_1"])
    expect(await invites.get(id)).toMatchObject({ accepted: true })
    await expect(invites.accept(token)).rejects.toThrow(InviteInvalid)
  })

  it("are accepted by one of many who come with the same token at once", async () => {
    const { id, token } = await invites.create(anInvite())

    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => invites.accept(token, { firstName: `Ada ${index}` })),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(9)
    expect(lost.every((error) => error instanceof InviteInvalid)).toBe(true)
    expect((await users.list()).count).toBe(1)
    expect((await told(id)).filter(({ name }) => name === "invite.accepted")).toHaveLength(1)
  })

  it.each([
    ["unknown", async () => newToken()],
    ["no token at all", async () => "'; drop table"],
    [
      "expired",
      async () => {
        const { id, token } = await invites.create(anInvite())
        await expire(id)
        return token
      },
    ],
    [
      "taken back",
      async () => {
        const { id, token } = await invites.create(anInvite())
        await invites.delete(id)
        return token
      },
    ],
    [
      "replaced",
      async () => {
        const { id, token } = await invites.create(anInvite())
        await invites.resend(id)
        return token
      },
    ],
    [
      "used",
      async () => {
        const { token } = await invites.create(anInvite())
        const { user } = await invites.accept(token)
        await users.delete(user.id)
        return token
      },
    ],
  ])("answer the same for a token that is %s", async (_, tokenOf) => {
    const error: unknown = await invites.accept(await tokenOf()).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(InviteInvalid)
    expect(error).toMatchObject({
      code: "user.invite_invalid",
      kind: "forbidden",
      details: {},
      message: "The invite is not valid, or not any more",
    })
    expect((await users.list()).count).toBe(0)
  })

  it.each([
    ["another e-mail address", { email: "eve@example.com" }],
    ["a name of 201 characters", { firstName: "x".repeat(201) }],
    ["roles of their own", { roles: ["admin"] }],
  ] as [string, AcceptInvite][])("are not used up by who comes with %s", async (_, input) => {
    const { token } = await invites.create(anInvite())

    await expect(invites.accept(token, input)).rejects.toMatchObject({ code: "input.invalid" })

    expect((await users.list()).count).toBe(0)
    expect((await invites.accept(token)).user.id).toMatch(/^user_/)
  })

  it("are for people who are no user yet, when they are made, sent again and accepted", async () => {
    const { email } = await users.create(aUser())
    const { id, token, email: other } = await invites.create(anInvite())
    await users.create(aUser({ email: other }))

    await expect(invites.createMany([anInvite(), { email }])).rejects.toMatchObject({
      code: "user.email_taken",
      details: { emails: [email] },
    })
    await expect(invites.resend(id)).rejects.toThrow(EmailTaken)
    await expect(invites.accept(token)).rejects.toThrow(EmailTaken)

    expect((await invites.list()).rows).toMatchObject([{ id, accepted: false, token: `…${token.slice(-4)}` }])
  })

  it("wait one per e-mail address, however many are made at once, until they are accepted or taken back", async () => {
    const email = "wanted@example.com"
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => invites.create({ email })))

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof InvitePending)).toBe(true)
    const [first] = (await invites.list()).rows
    await invites.delete(first?.id ?? "")
    const second = await invites.create({ email })
    const { user } = await invites.accept(second.token)
    await users.delete(user.id)
    expect((await invites.create({ email })).accepted).toBe(false)
  })

  it("have a new token and all their time again when they are sent again, though they had expired", async () => {
    const before = await invites.create(anInvite({ roles: ["role_1"] }))
    await expire(before.id)

    const after = await invites.resend(before.id)

    expect(after.token).not.toBe(before.token)
    expect(Date.parse(after.expiresAt)).toBeGreaterThan(Date.now() + WEEK - 10_000)
    expect((await invites.get(before.id)).token).toBe(`…${after.token.slice(-4)}`)
    expect((await invites.accept(after.token)).roles).toEqual(["role_1"])
    await expect(invites.resend(before.id)).rejects.toThrow(InviteUsed)
  })

  it("are either sent again or accepted by the old token, when both happen at once", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, token } = await invites.create(anInvite())

      const [resent, accepted] = await Promise.allSettled([invites.resend(id), invites.accept(token)])

      expect([resent.status, accepted.status].toSorted()).toEqual(["fulfilled", "rejected"])
      const lost = resent.status === "rejected" ? resent.reason : (accepted as PromiseRejectedResult).reason
      expect((lost as { code: string }).code).toBe(
        resent.status === "rejected" ? "user.invite_used" : "user.invite_invalid",
      )
    }
  })

  it("last as long as the shop says", async () => {
    const shop = await startUser({ database: database.url, events: { relay: false }, inviteLifetime: 3_600 })

    const { expiresAt } = await shop.invites.create(anInvite())

    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000)).toBeLessThan(10_000)
    await shop.close()
    await expect(startUser({ inviteLifetime: 1 })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are found by their e-mail address and by their fields", async () => {
    const { id, token } = await invites.create(anInvite({ email: "ada@example.com" }))
    await invites.create(anInvite({ email: "grace@example.com" }))
    await invites.accept(token)

    expect((await invites.list({ q: "ada" })).rows.map((invite) => invite.id)).toEqual([id])
    expect((await invites.list({ filter: { accepted: false } })).rows.map(({ email }) => email)).toEqual([
      "grace@example.com",
    ])
  })

  it.each(["resend", "delete", "get"] as const)("cannot %s when there is none", async (verb) => {
    await expect(invites[verb]("invite_none")).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it.each([
    ["without an e-mail address", {}],
    ["with a token of the caller's", { email: "a@example.com", token: newToken() }],
    ["with a role without a name", { email: "a@example.com", roles: [""] }],
  ])("are refused %s", async (_, input) => {
    await expect(invites.create(input as CreateInvite)).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("tell what happened, with the data or not at all, and never the token", async () => {
    const { id, token } = await invites.create(anInvite({ roles: ["role_1"] }))
    const resent = await invites.resend(id)
    await alone.database
      .transaction(async () => {
        await invites.accept(resent.token)
        throw new Error("changed my mind")
      })
      .catch(() => {})
    const { user } = await invites.accept(resent.token)
    await invites.delete(id)

    const sent = await told(id)

    expect(sent).toEqual([
      { name: "invite.created", payload: { id } },
      { name: "invite.resent", payload: { id } },
      { name: "invite.accepted", payload: { id, userId: user.id, roles: ["role_1"] } },
      { name: "invite.deleted", payload: { id } },
    ])
    expect(await told(user.id)).toEqual([{ name: "user.created", payload: { id: user.id } }])
    expect(JSON.stringify(sent)).not.toMatch(new RegExp(`${token}|${resent.token}`))
  })
})
