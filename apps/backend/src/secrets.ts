import { hkdfSync, randomBytes } from "node:crypto"
import { writeFileSync } from "node:fs"
import { mkdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { ConfigurationInvalid, readEnvironment, type Environment } from "@marquetry/framework"

/** Shorter ones can be guessed from a token. */
const MIN_LENGTH = 32

/**
 * The environment with a secret that tokens can be signed with. Where none is given, one is made for the embedded database,
 * and kept beside it: tokens outlive the process. Several processes on one Postgres must be given the same one.
 *
 * @throws {ConfigurationInvalid} when `JWT_SECRET` is too short, or missing beside `DATABASE_URL`.
 */
export async function withSecrets(environment: Environment): Promise<Environment> {
  const { jwtSecret, databaseUrl, dataDirectory } = environment
  const isGiven = jwtSecret !== readEnvironment({}).jwtSecret
  if (isGiven) {
    if (jwtSecret.length < MIN_LENGTH) throw new ConfigurationInvalid([`JWT_SECRET: ${MIN_LENGTH} characters or more`])
    return environment
  }
  if (databaseUrl !== undefined) {
    throw new ConfigurationInvalid([
      `JWT_SECRET: must be set beside DATABASE_URL, to the same ${MIN_LENGTH} characters or more in all processes, such as $(openssl rand -hex 32)`,
    ])
  }
  return { ...environment, jwtSecret: await keptSecret(dataDirectory) }
}

/** What URLs of files are signed with: whoever learns it has not learnt to sign tokens. */
export const fileSecret = (jwtSecret: string): string =>
  Buffer.from(hkdfSync("sha256", jwtSecret, "", "marquetry.files", 32)).toString("hex")

/** The secret of a data directory; made when it is asked for first. */
async function keptSecret(directory: string): Promise<string> {
  const path = join(directory, "jwt-secret")
  const kept = await readSecret(path)
  if (kept !== undefined) return kept
  await mkdir(directory, { recursive: true })
  try {
    writeFileSync(path, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" })
  } catch (error) {
    // Of two that start at once the first one's counts.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
  }
  return (await readSecret(path)) as string
}

async function readSecret(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })
  const secret = text?.trim()
  if (secret !== undefined && secret.length < MIN_LENGTH)
    throw new ConfigurationInvalid([`JWT_SECRET: ${path} holds no secret; delete it, and another is made`])
  return secret
}
