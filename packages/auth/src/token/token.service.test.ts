import { SignJWT, UnsecuredJWT } from "jose"
import { afterEach, describe, expect, it, vi } from "vitest"
import type { Claims } from "./claims.ts"
import { TokenService } from "./token.service.ts"

const secret = "0123456789abcdef0123456789abcdef"
const tokens = new TokenService(secret, 3_600)
const claims: Claims = {
  actorId: "cus_1",
  actorType: "customer",
  authIdentityId: "authid_1",
  authProvider: "emailpass",
  appMetadata: { customer_id: "cus_1" },
  userMetadata: { name: "Ada" },
  credentialsVersion: 2,
}
const payload = {
  actor_id: "cus_1",
  actor_type: "customer",
  auth_identity_id: "authid_1",
  auth_provider: "emailpass",
  app_metadata: { customer_id: "cus_1" },
  user_metadata: { name: "Ada" },
  credentials_version: 2,
}
const key = (text: string) => new TextEncoder().encode(text)
const partOf = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split(".")[index] as string, "base64url").toString()) as Record<string, unknown>

describe("tokens", () => {
  afterEach(() => vi.useRealTimers())

  it("say what they were issued for, in the names of the wire, for as long as they last", async () => {
    const token = await tokens.issue(claims)

    expect(await tokens.verify(token)).toEqual(claims)
    expect(partOf(token, 0)).toEqual({ alg: "HS256", typ: "JWT" })
    const { iat, exp, ...said } = partOf(token, 1)
    expect(said).toEqual(payload)
    expect((exp as number) - (iat as number)).toBe(3_600)
  })

  it("are refused once they have expired", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const token = await tokens.issue(claims)

    vi.setSystemTime(Date.now() + 3_599_000)
    const before = await tokens.verify(token)
    vi.setSystemTime(Date.now() + 2_000)

    expect(before).toEqual(claims)
    expect(await tokens.verify(token)).toBeNull()
  })

  const signed = (said: object, alg = "HS256", by = secret) =>
    new SignJWT({ ...said }).setProtectedHeader({ alg }).setIssuedAt().setExpirationTime("1h").sign(key(by))

  it("may be signed elsewhere with the same secret", async () => {
    expect(await tokens.verify(await signed(payload))).toEqual(claims)
  })

  it.each([
    ["another secret", () => signed(payload, "HS256", secret.toUpperCase())],
    ["no signature (alg none)", () => new UnsecuredJWT(payload).setIssuedAt().setExpirationTime("1h").encode()],
    ["another algorithm", () => signed(payload, "HS512", secret + secret)],
    ["no end", () => new SignJWT(payload).setProtectedHeader({ alg: "HS256" }).setIssuedAt().sign(key(secret))],
    ["claims missing", () => signed({ ...payload, actor_type: undefined })],
    ["claims of another kind", () => signed({ ...payload, actor_id: 7 })],
    ["nothing", () => ""],
    ["what is no token", () => "Bearer a.b.c"],
    ["two parts", () => "a.b"],
    ["much too much", () => "a".repeat(100_000)],
    ["what is no text", () => undefined as unknown as string],
  ])("with %s are refused", async (_, make) => {
    expect(await tokens.verify(await make())).toBeNull()
  })

  it("are refused when anything in them was altered", async () => {
    const token = await tokens.issue(claims)
    const [header, , signature] = token.split(".") as [string, string, string]
    const other = Buffer.from(JSON.stringify({ ...partOf(token, 1), actor_id: "cus_2" })).toString("base64url")

    expect(await tokens.verify(`${header}.${other}.${signature}`)).toBeNull()
    expect(await tokens.verify(`${token.slice(0, -6)}AAAAAA`)).toBeNull()
  })
})
