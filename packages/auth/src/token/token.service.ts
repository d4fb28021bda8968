import { errors, jwtVerify, SignJWT, type CryptoKey } from "jose"
import { Claims } from "./claims.ts"

/** Longer ones are not ours; to verify them costs more than to refuse them. */
const MAX_LENGTH = 16_384

/** Names of claims, ours and those that clients of the API know: `actorId`, `actor_id`. */
const names = Object.keys(Claims.shape).map(
  (name) => [name as keyof Claims, name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] as const,
)

/** Tokens that say who somebody is without being looked up: JWT, signed with HMAC-SHA-256. */
export class TokenService {
  readonly #key: Promise<CryptoKey>
  readonly #lifetime: number

  /** @param lifetime seconds. */
  constructor(secret: string, lifetime: number) {
    const algorithm = { name: "HMAC", hash: "SHA-256" }
    // Imported once: it is most of the work of verifying.
    this.#key = crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, ["sign", "verify"])
    this.#lifetime = lifetime
  }

  /** A token that is good for the lifetime of tokens from now. */
  async issue(claims: Claims): Promise<string> {
    const issuedAt = Math.floor(Date.now() / 1000)
    return new SignJWT(Object.fromEntries(names.map(([name, wire]) => [wire, claims[name]])))
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + this.#lifetime)
      .sign(await this.#key)
  }

  /** What a token says; `null` when it is not ours, was altered, or has expired. Sends no statement. */
  async verify(token: string): Promise<Claims | null> {
    if (typeof token !== "string" || token.length > MAX_LENGTH) return null
    try {
      const options = { algorithms: ["HS256"], requiredClaims: ["iat", "exp"] }
      const { payload } = await jwtVerify(token, await this.#key, options)
      return Claims.safeParse(Object.fromEntries(names.map(([name, wire]) => [name, payload[wire]]))).data ?? null
    } catch (error) {
      if (error instanceof errors.JOSEError) return null
      throw error
    }
  }
}
