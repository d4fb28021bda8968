import { AccessService, RoleService } from "@marquetry/rbac"
import { InviteService, UserService } from "@marquetry/user"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { actorOf, credentialsOf, invite, join, register } from "./people.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

let made = 0
const newEmail = () => `invited-${++made}@shop.example`
let email: string
beforeEach(() => {
  email = newEmail()
})

const roleOf = async (permissions: string[]) =>
  (await office.container.resolve(RoleService).create({ name: newEmail(), permissions })).id
const permissionsOf = (id: string) => office.container.resolve(AccessService).permissionsOf("user", id)
const accept = (token: string, registration: string, body: object = {}) =>
  office.post(`/admin/invites/accept?token=${token}`, body, { token: registration })
const mailTo = (to: string) => office.mail.sent.filter((message) => message.to === to)

describe("invites", () => {
  it("are made, read, listed, sent again and deleted by the official client", async () => {
    const { invite: first } = await sdk.admin.invite.create({ email, metadata: { floor: 1 } })
    const { invite: read } = await sdk.admin.invite.retrieve(first.id)
    const { invites: found, count } = (await sdk.admin.invite.list({ q: email } as object)) as unknown as Json & {
      invites: Json[]
    }
    const { invite: second } = await sdk.admin.invite.resend(first.id)
    const deleted = await sdk.admin.invite.delete(first.id)

    expect(first).toMatchObject({ email, accepted: false, metadata: { floor: 1 }, deleted_at: null })
    expect(first.token).toMatch(/^[\w-]{43}$/)
    expect(read).toEqual({ ...first, token: `…${first.token.slice(-4)}` })
    expect([found, count]).toEqual([[read], 1])
    expect(second.token).toMatch(/^[\w-]{43}$/)
    expect(second.token).not.toBe(first.token)
    expect(deleted).toEqual({ id: first.id, object: "invite", deleted: true })
    expect((await office.audit(first.id)).map(({ action }) => action)).toEqual(["created", "resent", "deleted"])
  })

  it("go to the address by e-mail, and again when they are sent again", async () => {
    const { id, token } = await invite(office, email)
    await vi.waitFor(() => expect(mailTo(email)).toHaveLength(1))
    const { body } = await office.post(`/admin/invites/${id}/resend`)
    await vi.waitFor(() => expect(mailTo(email)).toHaveLength(2))

    const again = (body["invite"] as { token: string }).token
    expect(mailTo(email).map(({ template, data }) => [template, data?.["token"]])).toEqual([
      ["user.invited", token],
      ["user.invited", again],
    ])
  })

  it("are not made twice, nor for who is a user", async () => {
    await invite(office, email)

    const pending = await office.post("/admin/invites", { email })
    const user = await office.post("/admin/invites", { email: office.admin.email })

    expect(pending).toMatchObject({ status: 400, body: { type: "not_allowed", code: "user.invite_pending" } })
    expect(user).toMatchObject({ status: 422, body: { type: "duplicate_error" } })
  })

  it("are refused without an address, and with a role that there is not", async () => {
    const answers = [
      await office.post("/admin/invites", { email: "nobody" }),
      await office.post("/admin/invites", { email, roles: ["role_0"] }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([400, 404])
    expect((await office.get(`/admin/invites?email=${email}`)).body["count"]).toBe(0)
  })

  it("keep their audit entries clear of the token", async () => {
    const { id, token } = await invite(office, email)

    expect(JSON.stringify(await office.audit(id))).not.toContain(token)
  })
})

describe("accepting an invite", () => {
  it("makes a user who logs in, by the official client", async () => {
    const { invite: invited } = await sdk.admin.invite.create({ email })
    const registration = await register(office, email)

    const body = { email, first_name: "Ada", last_name: "Byron", invite_token: invited.token }
    const { user } = (await sdk.admin.invite.accept(
      body,
      {},
      { authorization: `Bearer ${registration}` },
    )) as unknown as { user: Json }
    const token = await office.login(credentialsOf(email))
    const { body: me } = await office.get("/admin/users/me", { token })

    expect(user).toMatchObject({ email, first_name: "Ada", last_name: "Byron" })
    expect(me).toEqual({ user })
    expect((await office.audit(user["id"] as string))[0]).toMatchObject({ action: "created", actorId: user["id"] })
    const entries = await office.audit(invited.id)
    expect(entries.at(-1)).toMatchObject({
      action: "accepted",
      actorId: user["id"],
      changes: { accepted: { from: false, to: true } },
    })
  })

  it("is for one of many who come with its token", async () => {
    const { token } = await invite(office, email)
    const registrations = await Promise.all([email, newEmail(), newEmail()].map((one) => register(office, one)))

    const answers = await Promise.all([...registrations, ...registrations].map((one) => accept(token, one)))

    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
    const { count } = await office.container.resolve(UserService).list({ filter: { email } })
    expect(count).toBe(1)
  })

  it("is done once by one identity, whatever it was invited to", async () => {
    const invited = await Promise.all([email, newEmail()].map((one) => invite(office, one)))
    const registration = await register(office, email)

    const answers = await Promise.all(invited.map(({ token }) => accept(token, registration)))

    const [won, lost] = answers.toSorted((a, b) => a.status - b.status)
    expect([won?.status, lost?.status]).toEqual([200, 400])
    expect(lost?.body).toMatchObject({ code: "auth.actor_exists" })
    const waiting = await office.container.resolve(InviteService).list({
      filter: { id: invited.map(({ id }) => id), accepted: false },
    })
    expect(waiting.count).toBe(1)
  })

  it("takes a token that is good, and somebody who has registered", async () => {
    const { id, token } = await invite(office, email)
    const registration = await register(office, email)
    const shopper = await office.post("/auth/customer/emailpass/register", credentialsOf(newEmail()), { token: null })
    await office.post(`/admin/invites/${id}/resend`)

    const answers = [
      await accept(token, registration),
      await accept("", registration),
      await office.post(`/admin/invites/accept?token=${token}`, {}, { token: null }),
      await accept(token, shopper.body["token"] as string),
      await accept(token, office.token),
    ]

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 400])
    expect(answers[0]?.body).toMatchObject({ type: "unauthorized", code: "user.invite_invalid" })
  })

  it("leaves the invite as it was when it is refused", async () => {
    const { token } = await invite(office, email)
    const registration = await register(office, email)

    const refused = [
      await accept(token, registration, { email: "other@shop.example" }),
      await accept(token, registration, { nickname: "Ada" }),
    ]
    const accepted = await accept(token, registration)

    expect(refused.map(({ status }) => status)).toEqual([400, 400])
    expect(accepted.status).toBe(200)
  })

  it("is the only way in for who has registered", async () => {
    const registration = await register(office, email)

    const answers = [
      await office.get("/admin/users/me", { token: registration }),
      await office.post("/auth/emailpass/user", {}, { token: registration }),
      await office.post("/auth/emailpass/user", {}, { token: null }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([401, 403, 401])
    expect(answers[1]?.body).toMatchObject({ type: "forbidden", code: "auth.provider_not_trusted" })
    expect((await office.get(`/admin/users?email=${email}`)).body["count"]).toBe(0)
  })
})

describe("what somebody who is invited may do", () => {
  it("is what the roles say that they are invited to", async () => {
    const role = await roleOf(["product:read"])

    const { id } = await join(office, email, [role])

    expect(await permissionsOf(id)).toEqual(["product:read"])
  })

  it("is what whoever invites may do, unless said: everything, of who has no roles", async () => {
    const token = await office.colleague(newEmail(), ["invite:*", "product:*"])
    const { token: invited } = await invite(office, email, undefined, token)
    const { body } = await accept(invited, await register(office, email))

    expect(await permissionsOf((body["user"] as { id: string }).id)).toEqual(["invite:*", "product:*"])
    expect(await permissionsOf((await join(office, newEmail())).id)).toEqual(["*:*"])
  })

  it("is no more than whoever invites may do, nor whoever sends an invite again", async () => {
    const token = await office.colleague(newEmail(), ["invite:*", "product:read"])
    const [equal, more] = [await roleOf(["product:read"]), await roleOf(["product:*"])]
    const all = await invite(office, newEmail())
    const some = await invite(office, newEmail(), [equal])
    const resend = (id: string) => office.post(`/admin/invites/${id}/resend`, undefined, { token })

    const answers = [
      await office.post("/admin/invites", { email, roles: [more] }, { token }),
      await resend(all.id),
      await office.post("/admin/invites", { email, roles: [equal] }, { token }),
      await resend(some.id),
    ]
    const old = await accept(all.token, await register(office, email))

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 200, 200])
    // What was refused has not made the old token void.
    expect(old.status).toBe(200)
    expect(actorOf(token)).not.toBe("")
  })
})
