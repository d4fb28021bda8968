import { parseArgs } from "node:util"
import { z } from "zod"

const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
)

const DEVELOPMENT_SECRET = "development-only-secret"

const url = (protocols: readonly string[], example: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), `a URL such as ${example}`)

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "a whole number")
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum))

/** What a backend is told by its environment: every variable, its form and its default. */
const Variables = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  PORT: wholeNumber(0, 65_535).default(9_000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: url(["postgres:", "postgresql:"], "postgres://user:password@localhost:5432/shop").optional(),
  DATABASE_REPLICA_URL: url(["postgres:", "postgresql:"], "postgres://user:password@replica:5432/shop").optional(),
  /** Reserved for sharing rate limits and events among processes. Checked, and not used yet. */
  REDIS_URL: url(["redis:", "rediss:"], "redis://localhost:6379").optional(),
  JWT_SECRET: z.string().min(16, "16 characters or more").default(DEVELOPMENT_SECRET),
  COOKIE_SECRET: z.string().min(16, "16 characters or more").default(DEVELOPMENT_SECRET),
  STORE_CORS: list.default(["http://localhost:8000"]),
  ADMIN_CORS: list.default(["http://localhost:7001"]),
  AUTH_CORS: list.default(["http://localhost:7001", "http://localhost:8000"]),
  DEMO: z.enum(["true", "false"]).default("true"),
  DATA_DIR: z.string().min(1).default(".marquetry"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Requests per minute and client. */
  RATE_LIMIT: z.union([z.literal("off"), wholeNumber(1, 100_000_000)]).default(30_000),
  /** Proxies whose forwarded addresses are believed: addresses or ranges. */
  TRUST_PROXY: list.default([]),
  WORKERS: wholeNumber(1, 256).default(1),
})

type Variables = z.output<typeof Variables>

/** The environment of a backend, checked. */
export interface Environment {
  readonly production: boolean
  readonly port: number
  readonly host: string
  readonly databaseUrl: string | undefined
  readonly databaseReplicaUrl: string | undefined
  readonly redisUrl: string | undefined
  readonly jwtSecret: string
  readonly cookieSecret: string
  readonly cors: {
    readonly store: readonly string[]
    readonly admin: readonly string[]
    readonly auth: readonly string[]
  }
  readonly demo: boolean
  readonly dataDirectory: string
  readonly logLevel: Variables["LOG_LEVEL"]
  readonly rateLimit: number | false
  readonly trustProxy: readonly string[]
  readonly workers: number
}

/** Something is wrong with the environment or the command line. The message names every fault. */
export class ConfigurationInvalid extends Error {
  readonly code = "configuration.invalid"
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    )
    this.faults = faults
  }
}

/**
 * Reads the environment of a backend.
 *
 * @throws {ConfigurationInvalid} naming every fault at once.
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(
    Object.keys(Variables.shape).flatMap((name) => {
      const value = variables[name]
      return value === undefined || value === "" ? [] : [[name, value]]
    }),
  )
  const result = Variables.safeParse(given)
  const faults = result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)
  const production = given["NODE_ENV"] === "production"
  if (production) {
    for (const name of ["JWT_SECRET", "COOKIE_SECRET"]) {
      if ((given[name] ?? DEVELOPMENT_SECRET) === DEVELOPMENT_SECRET)
        faults.push(`${name}: must be set to a secret of its own in production`)
    }
  }
  if (result.success && result.data.WORKERS > 1 && result.data.DATABASE_URL === undefined) {
    faults.push("WORKERS: the embedded database serves one process; set DATABASE_URL for more")
  }
  if (!result.success || faults.length > 0) throw new ConfigurationInvalid(faults)
  return toEnvironment(result.data)
}

function toEnvironment(data: Variables): Environment {
  return {
    production: data.NODE_ENV === "production",
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    databaseReplicaUrl: data.DATABASE_REPLICA_URL,
    redisUrl: data.REDIS_URL,
    jwtSecret: data.JWT_SECRET,
    cookieSecret: data.COOKIE_SECRET,
    cors: { store: data.STORE_CORS, admin: data.ADMIN_CORS, auth: data.AUTH_CORS },
    demo: data.DEMO === "true",
    dataDirectory: data.DATA_DIR,
    logLevel: data.LOG_LEVEL,
    rateLimit: data.RATE_LIMIT === "off" ? false : data.RATE_LIMIT,
    trustProxy: data.TRUST_PROXY,
    workers: data.WORKERS,
  }
}

/** Options of the command line: each variable has one, `PORT` as `--port`, and the app adds its own. */
export interface CommandLine {
  readonly variables: Readonly<Record<string, string>>
  /** The app's own options; each may be given several times. */
  readonly options: Readonly<Record<string, readonly string[]>>
  /** Arguments that belong to no option. */
  readonly rest: readonly string[]
}

/** @throws {ConfigurationInvalid} for an option that there is not, or one without its value. */
export function readCommandLine(args: readonly string[], own: readonly string[] = []): CommandLine {
  const flagOf = (variable: string) => variable.toLowerCase().replaceAll("_", "-")
  const variables = Object.keys(Variables.shape)
  const options = Object.fromEntries([
    ...variables.map((name) => [flagOf(name), { type: "string" }] as const),
    ...own.map((name) => [name, { type: "string", multiple: true }] as const),
  ])
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    return {
      variables: Object.fromEntries(
        variables.flatMap((name) => {
          const value = values[flagOf(name)]
          return typeof value === "string" ? [[name, value]] : []
        }),
      ),
      options: Object.fromEntries(own.map((name) => [name, (values[name] ?? []) as string[]])),
      rest: positionals,
    }
  } catch (error) {
    throw new ConfigurationInvalid([(error as Error).message])
  }
}
