import { createHash, randomBytes } from "node:crypto"

const FORM = /^[\w-]{43}$/

/** 256 random bits, for URLs and cookies: nobody guesses them. */
export const newSecret = (): string => randomBytes(32).toString("base64url")

/** Whether a text may be one of ours; what is not need not be looked up. */
export const isSecret = (text: unknown): text is string => typeof text === "string" && FORM.test(text)

/**
 * What is kept of a secret. SHA-256, quick and without salt, is right for 256 random bits as it is not for passwords:
 * there is nothing to guess, and an index finds it.
 */
export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex")
