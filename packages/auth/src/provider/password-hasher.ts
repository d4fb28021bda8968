import { hash, parseOptions, verify } from "@node-rs/argon2"

/** Makes passwords dear to guess. */
export interface PasswordHasher {
  /** A hash with all that is needed to verify it. */
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
  /** Whether `hash` was made with other parameters than those of today. */
  isOutdated(hash: string): boolean
}

export interface Argon2Options {
  /** KiB per hash; 19,456 unless said. */
  readonly memoryCost?: number
  /** Passes over that memory; 2 unless said. */
  readonly timeCost?: number
}

/** Argon2id (RFC 9106) with one lane and the parameters that OWASP recommends, unless said otherwise. */
export function argon2id({ memoryCost = 19_456, timeCost = 2 }: Argon2Options = {}): PasswordHasher {
  const options = { memoryCost, timeCost, parallelism: 1 }
  return {
    hash: (password) => hash(password, options),
    // The parameters are in the hash.
    verify: (hashed, password) => verify(hashed, password),
    isOutdated: (hashed) => {
      const used = parseOptions(hashed)
      return used.memoryCost !== memoryCost || used.timeCost !== timeCost
    },
  }
}
