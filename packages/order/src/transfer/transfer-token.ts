import { createHash, randomBytes } from "node:crypto"

/** 256 random bits, for a link in an e-mail: nobody guesses them. */
export const newToken = (): string => randomBytes(32).toString("base64url")

/** What is kept of a token: quick and without salt is right for 256 random bits, as it is not for passwords. */
export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex")
