import { describe, expect, it } from "vitest"
import type { Credentials } from "./auth-provider.ts"
import { emailPass } from "./email-pass.ts"
import { argon2id, type PasswordHasher } from "./password-hasher.ts"

const cheap = argon2id({ memoryCost: 8, timeCost: 1 })
const provider = emailPass({ hasher: cheap })
const email = "ada@example.com"
const password = "correct horse"

/** Remembers against what passwords were verified. */
const watched = (hasher: PasswordHasher) => {
  const verified: string[] = []
  const verify = (hash: string, password: string) => {
    verified.push(hash)
    return hasher.verify(hash, password)
  }
  return { verified, hasher: { ...hasher, verify } }
}

describe("e-mail and password", () => {
  it("keeps the hash of a password, with argon2id and the cost that was asked for", async () => {
    const kept = await provider.register({ email: " ADA@Example.com", password })

    expect(kept).toMatchObject({ entityId: email, userMetadata: {} })
    expect(kept.providerMetadata["password"]).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/)
    expect(JSON.stringify(kept)).not.toContain(password)
  })

  it("hashes with 19 MiB in two passes unless said otherwise", async () => {
    expect(await argon2id().hash(password)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it("knows the right password from others", async () => {
    const kept = await provider.register({ email, password })

    expect(await provider.authenticate({ email, password }, kept)).toEqual({ isVerified: true })
    expect(await provider.authenticate({ email, password: "wrong" }, kept)).toEqual({ isVerified: false })
  })

  it("verifies for people whom nobody knows too, at the cost of a known one, and never lets them in", async () => {
    const { verified, hasher } = watched(cheap)
    const watching = emailPass({ hasher })
    const kept = await watching.register({ email, password })

    const unknown = await watching.authenticate({ email, password }, null)
    const withoutPassword = await watching.authenticate({ email, password }, { ...kept, providerMetadata: {} })
    await watching.authenticate({ email, password }, kept)

    expect([unknown, withoutPassword]).toEqual([{ isVerified: false }, { isVerified: false }])
    expect(verified).toHaveLength(3)
    expect(verified.map((hash) => hash.split("$").slice(0, 4).join("$"))).toEqual(
      Array.from({ length: 3 }, () => "$argon2id$v=19$m=8,t=1,p=1"),
    )
    expect(verified[2]).toBe(kept.providerMetadata["password"])
  })

  it("hashes anew at a login what was hashed at another cost", async () => {
    const old: Credentials = await provider.register({ email, password })
    const dearer = emailPass({ hasher: argon2id({ memoryCost: 16, timeCost: 1 }) })

    const verdict = await dearer.authenticate({ email, password }, old)
    const refused = await dearer.authenticate({ email, password: "wrong" }, old)

    const providerMetadata = { password: expect.stringContaining("m=16,t=1") as string }
    expect(verdict).toEqual({ isVerified: true, providerMetadata })
    expect(refused).toEqual({ isVerified: false })
  })

  it("takes the same characters for the same password, however they are composed", async () => {
    const kept = await provider.register({ email, password: "caf\u00e9 au lait" })

    expect(await provider.authenticate({ email, password: "cafe\u0301 au lait" }, kept)).toEqual({ isVerified: true })
  })

  it.each([
    ["a password of 7 characters", { email, password: "1234567" }],
    ["a password of 257 characters", { email, password: "x".repeat(257) }],
    ["no password", { email }],
    ["what is no e-mail address", { email: "ada", password }],
    ["nothing", undefined],
  ])("does not register %s", async (_, input) => {
    await expect(provider.register(input)).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("lets a shop say how long a password is, for new ones", async () => {
    const lax = emailPass({ minPasswordLength: 3, hasher: cheap })
    const kept = await lax.register({ email, password: "abc" })

    await expect(provider.update({ password: "abcd" }, kept)).rejects.toMatchObject({ code: "input.invalid" })
    expect(await provider.authenticate({ email, password: "abc" }, kept)).toEqual({ isVerified: true })
  })

  it("replaces a password", async () => {
    const kept = await provider.register({ email, password })

    const providerMetadata = await provider.update({ password: "another one" }, kept)

    const now = { ...kept, providerMetadata }
    expect(await provider.authenticate({ email, password: "another one" }, now)).toEqual({ isVerified: true })
    expect(await provider.authenticate({ email, password }, now)).toEqual({ isVerified: false })
  })
})
