import { randomBytes } from "node:crypto"
import { parse } from "@marquetry/kernel"
import { z } from "zod"
import type { AuthProvider, Credentials, Verdict } from "./auth-provider.ts"
import { argon2id, type PasswordHasher } from "./password-hasher.ts"

export interface EmailPassOptions {
  /** Characters that a new password has at least; 8 unless said. Old passwords stay valid. */
  readonly minPasswordLength?: number
  /** {@link argon2id} unless said. */
  readonly hasher?: PasswordHasher
}

/** Longer inputs are no passwords; hashing them would cost us more than them. */
const MAX_PASSWORD = 256

/** Lower case, so that one mailbox is one identity. What is no address is simply not known at a login. */
const Identifier = z.string().trim().toLowerCase().min(1).max(254)
const Email = Identifier.regex(z.regexes.unicodeEmail, "an e-mail address")
/** The same characters are the same password, however a keyboard composes them. */
const Password = z.string().normalize("NFKC").max(MAX_PASSWORD)
const Login = z.object({ email: z.string(), password: Password })

/** An e-mail address and a password. */
export function emailPass({ minPasswordLength = 8, hasher = argon2id() }: EmailPassOptions = {}): AuthProvider {
  const NewPassword = Password.min(minPasswordLength)
  const Registration = z.object({ email: Email, password: NewPassword })
  const Update = z.object({ password: NewPassword })
  let decoy: Promise<string> | undefined
  return {
    name: "emailpass",
    displayName: "Email and password",
    flow: "credentials",
    identifierOf: (input) => parse(Login, input).email,
    entityIdOf: (identifier) => parse(Identifier, identifier),

    async authenticate(input, kept): Promise<Verdict> {
      const { password } = parse(Login, input)
      // Who is not known is measured against the hash of a password that nobody has, at the same cost.
      decoy ??= hasher.hash(randomBytes(32).toString("hex"))
      const spare = await decoy
      const known = kept?.providerMetadata["password"]
      const hash = typeof known === "string" ? known : spare
      const isVerified = await hasher.verify(hash, password)
      if (!isVerified || hash === spare) return { isVerified: false }
      if (!hasher.isOutdated(hash)) return { isVerified }
      return { isVerified, providerMetadata: { ...kept?.providerMetadata, password: await hasher.hash(password) } }
    },

    async register(input) {
      const { email, password } = parse(Registration, input)
      return { entityId: email, providerMetadata: { password: await hasher.hash(password) }, userMetadata: {} }
    },

    async update(input, kept): Promise<Credentials["providerMetadata"]> {
      const { password } = parse(Update, input)
      return { ...kept.providerMetadata, password: await hasher.hash(password) }
    },
  }
}
