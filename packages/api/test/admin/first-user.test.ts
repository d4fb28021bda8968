import { UserService } from "@marquetry/user"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ensureFirstUser, newPassword } from "../../src/index.ts"
import { openBackOffice, type BackOffice } from "./back-office.ts"
import { credentialsOf } from "./people.ts"

let office: BackOffice
beforeAll(async () => {
  office = await openBackOffice()
})
afterAll(() => office.drop())

const forgetUsers = async () => {
  const { database } = office.composition
  await database.run(`delete from "user"."user"`)
  await database.run("delete from auth.auth_identity")
}

describe("the first user", () => {
  it("is not made where there is one", async () => {
    const made = await ensureFirstUser(office.container, credentialsOf("second@shop.example"))

    expect(made).toBeUndefined()
    expect((await office.container.resolve(UserService).list()).count).toBe(1)
  })

  it("is one of several that are to be made at once, and may do everything", async () => {
    await forgetUsers()

    const made = await Promise.all(
      ["a", "b", "c", "d"].map((name) => ensureFirstUser(office.container, credentialsOf(`${name}@shop.example`))),
    )
    const users = made.filter((user) => user !== undefined)
    const token = await office.login(credentialsOf(users[0]?.email ?? ""))
    const { body } = await office.get("/admin/rbac/me/permissions", { token })

    expect(users).toHaveLength(1)
    expect((await office.container.resolve(UserService).list()).count).toBe(1)
    expect(body["permissions"]).toEqual(expect.arrayContaining(["user:delete", "store:update"]))
  })

  it("has a password that is no other's", () => {
    expect(new Set([newPassword(), newPassword()]).size).toBe(2)
    expect(newPassword()).toMatch(/^[\w-]{24}$/)
  })
})
