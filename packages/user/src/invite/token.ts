import { createHash, randomBytes } from "node:crypto"

const FORM = /^[\w-]{43}$/

/** 256 random bits, for a URL: nobody guesses them. */
export const newToken = (): string => randomBytes(32).toString("base64url")

/** Whether a text may be one of ours; what is not need not be looked up. */
export const isToken = (text: unknown): text is string => typeof text === "string" && FORM.test(text)

/**
 * What is kept of a token. SHA-256, quick and without salt, is right for 256 random bits as it is not for passwords:
 * there is nothing to guess, and an index finds it.
 */
export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex")

/** Enough of a token for people to tell it from others: `…1c3d`. */
export const redact = (token: string): string => `…${token.slice(-4)}`
