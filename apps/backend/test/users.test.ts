import { createTestDatabase } from "@marquetry/kernel/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { endAll, run } from "./process.ts"

let database: Awaited<ReturnType<typeof createTestDatabase>>
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  endAll()
  await database.drop()
})

const start = (args: readonly string[] = [], variables: Record<string, string> = {}) =>
  run(["--port", "0", ...args], { DATABASE_URL: database.url, DEMO: "false", ...variables })
const command = (args: readonly string[], variables: Record<string, string> = {}) =>
  run(["user:create", ...args], { DATABASE_URL: database.url, ...variables }).ended

/** What the back office answers to somebody who logs in: their e-mail address, or the status of the refusal. */
async function logIn(address: string, email: string, password: string): Promise<unknown> {
  const login = await fetch(`${address}/auth/user/emailpass`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  })
  if (login.status !== 200) return login.status
  const { token } = (await login.json()) as { token: string }
  const me = await fetch(`${address}/admin/users/me`, { headers: { authorization: `Bearer ${token}` } })
  return ((await me.json()) as { user: { email: string } }).user.email
}

describe("the first user", () => {
  it("is made by a command, with a password that is given, that of the environment, or one that is printed", async () => {
    const given = await command(["--email", "Ada@shop.example", "--password", "correct horse"])
    const known = await command(["--email", "bob@shop.example"], { ADMIN_PASSWORD: "battery staple" })
    const made = await command(["--email", "eve@shop.example"])
    const program = start()
    const address = await program.listening()

    const printed = /with the password (\S+)/.exec(made.output)?.[1] as string
    expect([given.code, given.output]).toEqual([0, "ada@shop.example is a user now, who logs in\n"])
    expect([known.code, known.output]).toEqual([0, "bob@shop.example is a user now, who logs in\n"])
    expect([made.code, made.errors]).toEqual([0, ""])
    expect(await logIn(address, "ada@shop.example", "correct horse")).toBe("ada@shop.example")
    expect(await logIn(address, "bob@shop.example", "battery staple")).toBe("bob@shop.example")
    expect(await logIn(address, "eve@shop.example", printed)).toBe("eve@shop.example")
    expect(await logIn(address, "eve@shop.example", "battery staple")).toBe(401)
  }, 120_000)

  it.each([
    ["without an address", [], "--email: must be said"],
    ["with something that belongs to nothing", ["--email", "ada@shop.example", "stray"], "stray: belongs to no option"],
    ["with a password that is too short", ["--email", "ada@shop.example", "--password", "short"], "input.invalid"],
    ["with an address that is none", ["--email", "ada", "--password", "correct horse"], "input.invalid"],
  ])(
    "is not made by a command %s",
    async (_, args, message) => {
      const { code, errors } = await command(args)

      expect(code).toBe(1)
      expect(errors).toContain(message)
    },
    120_000,
  )

  it("is made at a start by the environment, once, however many processes start", async () => {
    const variables = { ADMIN_EMAIL: "ada@shop.example", ADMIN_PASSWORD: "correct horse", WORKERS: "2" }
    const first = start([], variables)
    const address = await first.listening()
    const second = start([], { ...variables, ADMIN_EMAIL: "bob@shop.example", WORKERS: "1" })
    const other = await second.listening()

    expect(await logIn(address, "ada@shop.example", "correct horse")).toBe("ada@shop.example")
    expect(await logIn(other, "bob@shop.example", "correct horse")).toBe(401)
  }, 120_000)

  it("of the demo shop has a password that is shown once", async () => {
    const first = start([], { DEMO: "true" })
    const address = await first.listening()
    const [, email, password] = /Back office: (\S+) logs in with the password ([\w-]+)/.exec(
      first.output(),
    ) as unknown as [string, string, string]
    const second = start([], { DEMO: "true" })
    await second.listening()

    expect(await logIn(address, email, password)).toBe(email)
    expect(second.output()).not.toContain("Back office")
  }, 120_000)
})
