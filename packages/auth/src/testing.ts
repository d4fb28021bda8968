import type { AuthOptions } from "./auth.module.ts"
import { emailPass } from "./provider/email-pass.ts"
import { argon2id } from "./provider/password-hasher.ts"

/** Options with a secret that everybody knows, and hashes that are cheap to make and to guess. */
export const testOptions = (overrides: Partial<AuthOptions> = {}): AuthOptions => ({
  jwtSecret: "a secret that everybody may know, for tests",
  providers: [emailPass({ hasher: argon2id({ memoryCost: 8, timeCost: 1 }) })],
  ...overrides,
})

let made = 0

/** An e-mail address that no other has, and a password. */
export const someCredentials = (overrides: { email?: string; password?: string } = {}) => ({
  email: `person-${++made}@example.com`,
  password: "correct horse battery",
  ...overrides,
})
