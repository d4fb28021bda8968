import { createHash, randomBytes } from "node:crypto"

export const apiKeyTypes = ["publishable", "secret"] as const

/** `publishable`: in the open, in every page of a storefront. `secret`: kept by a server, and as good as a user. */
export type ApiKeyType = (typeof apiKeyTypes)[number]

const prefixes: Record<ApiKeyType, string> = { publishable: "pk_", secret: "sk_" }
const FORM = /^(pk|sk)_[0-9a-f]{64}$/

/** A new token: its prefix says in a log what was leaked, the 256 random bits behind it cannot be guessed. */
export function newToken(type: ApiKeyType): string {
  return prefixes[type] + randomBytes(32).toString("hex")
}

/** What a token says it is; `null` for what was never one of ours, so that it need not be looked up. */
export function typeOfToken(token: string): ApiKeyType | null {
  if (!FORM.test(token)) return null
  return token.startsWith(prefixes.secret) ? "secret" : "publishable"
}

/**
 * What is kept of a secret token.
 *
 * SHA-256, quick and without salt, is right here, as it would not be for a password. Slow hashes make guessing dear, and
 * nobody guesses 256 random bits; a salt keeps equal passwords from having equal hashes, and no two tokens are equal.
 * And one hash per token lets a unique index find it. Whoever times that search learns about the hash of what they
 * sent, which they know, and cannot steer towards a hash that is there.
 */
export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex")
}

/** Enough of a token for people to tell it from others: `sk_1a2***c3d`. */
export function redact(token: string): string {
  return `${token.slice(0, 6)}***${token.slice(-3)}`
}
