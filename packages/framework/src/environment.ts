import { isIPv6 } from "node:net"
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
  /** Where clients reach the backend, whatever stands before it. */
  PUBLIC_URL: url(["http:", "https:"], "https://shop.example").optional(),
  DATABASE_URL: url(["postgres:", "postgresql:"], "postgres://user:password@localhost:5432/shop").optional(),
  DATABASE_REPLICA_URL: url(["postgres:", "postgresql:"], "postgres://user:password@replica:5432/shop").optional(),
  /** Reserved for sharing rate limits and events among processes. Checked, and not used yet. */
  REDIS_URL: url(["redis:", "rediss:"], "redis://localhost:6379").optional(),
  JWT_SECRET: z.string().min(16, "16 characters or more").default(DEVELOPMENT_SECRET),
  COOKIE_SECRET: z.string().min(16, "16 characters or more").default(DEVELOPMENT_SECRET),
  STORE_CORS: list.default(["http://localhost:8000"]),
  ADMIN_CORS: list.default(["http://localhost:7001"]),
  AUTH_CORS: list.default(["http://localhost:7001", "http://localhost:8000"]),
  /** Who is made the first user, where there is none. */
  ADMIN_EMAIL: z
    .string()
    .max(254)
    .regex(/^\S+@\S+$/, "an e-mail address")
    .optional(),
  ADMIN_PASSWORD: z.string().min(8, "8 characters or more").max(256).optional(),
  DEMO: z.enum(["true", "false"]).default("true"),
  DATA_DIR: z.string().min(1).default(".marquetry"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Requests per minute and client. */
  RATE_LIMIT: z
    .string()
    .regex(/^(off|[1-9]\d{0,7})$/, "a whole number of requests per minute, or off")
    .transform((text) => (text === "off" ? (false as const) : Number(text)))
    .default(30_000),
  /** Proxies whose forwarded addresses are believed: addresses or ranges. */
  TRUST_PROXY: list.default([]),
  WORKERS: wholeNumber(1, 256).default(1),
})

type Variables = z.output<typeof Variables>

const names = Object.keys(Variables.shape)

/** `PORT` is `--port`. */
export const environmentOptions: readonly string[] = names.map((name) => name.toLowerCase().replaceAll("_", "-"))

const variableOf = (option: string) => option.toUpperCase().replaceAll("-", "_")

/** The environment of a backend, checked. */
export interface Environment {
  readonly production: boolean
  readonly port: number
  readonly host: string
  /** Where clients reach the backend, without a slash at the end. */
  readonly publicUrl: string
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
  readonly adminEmail: string | undefined
  readonly adminPassword: string | undefined
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
  const { data, faults } = checkVariables(variables)
  if (data === undefined || faults.length > 0) throw new ConfigurationInvalid(faults)
  return toEnvironment(data)
}

function checkVariables(variables: Readonly<Record<string, string | undefined>>) {
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = variables[name]
      return value === undefined || value === "" ? [] : [[name, value]]
    }),
  )
  const result = Variables.safeParse(given)
  const faults = result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)
  if (given["NODE_ENV"] === "production") {
    for (const name of ["JWT_SECRET", "COOKIE_SECRET"]) {
      if ((given[name] ?? DEVELOPMENT_SECRET) === DEVELOPMENT_SECRET)
        faults.push(`${name}: must be set to a secret of its own in production`)
    }
  }
  if (Number(given["WORKERS"] ?? 1) > 1 && given["DATABASE_URL"] === undefined) {
    faults.push("WORKERS: the embedded database serves one process; set DATABASE_URL for more")
  }
  if (given["ADMIN_EMAIL"] !== undefined && given["ADMIN_PASSWORD"] === undefined)
    faults.push("ADMIN_PASSWORD: must be set beside ADMIN_EMAIL")
  return { data: result.data, faults }
}

/** Of a backend with nothing before it. */
function localUrl({ HOST, PORT }: Variables): string {
  if (HOST === "0.0.0.0" || HOST === "::") return `http://localhost:${PORT}`
  return `http://${isIPv6(HOST) ? `[${HOST}]` : HOST}:${PORT}`
}

function toEnvironment(data: Variables): Environment {
  return {
    production: data.NODE_ENV === "production",
    port: data.PORT,
    host: data.HOST,
    publicUrl: (data.PUBLIC_URL ?? localUrl(data)).replace(/\/+$/, ""),
    databaseUrl: data.DATABASE_URL,
    databaseReplicaUrl: data.DATABASE_REPLICA_URL,
    redisUrl: data.REDIS_URL,
    jwtSecret: data.JWT_SECRET,
    cookieSecret: data.COOKIE_SECRET,
    cors: { store: data.STORE_CORS, admin: data.ADMIN_CORS, auth: data.AUTH_CORS },
    adminEmail: data.ADMIN_EMAIL,
    adminPassword: data.ADMIN_PASSWORD,
    demo: data.DEMO === "true",
    dataDirectory: data.DATA_DIR,
    logLevel: data.LOG_LEVEL,
    rateLimit: data.RATE_LIMIT,
    trustProxy: data.TRUST_PROXY,
    workers: data.WORKERS,
  }
}

/** What a backend is told by its environment and its command line. */
export interface Configuration {
  readonly environment: Environment
  /** The app's own options; each may be given several times. */
  readonly options: Readonly<Record<string, readonly string[]>>
  /** Arguments that belong to no option. */
  readonly rest: readonly string[]
}

/**
 * Reads the command line over the environment: each variable has an option, `PORT` has `--port`, which wins.
 *
 * @param own options that the app adds.
 * @throws {ConfigurationInvalid} naming every fault of both at once.
 */
export function readConfiguration(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  own: readonly string[] = [],
): Configuration {
  const given = readOptions(args, own)
  const { data, faults } = checkVariables({ ...variables, ...given.variables })
  if (data === undefined || faults.length + given.faults.length > 0)
    throw new ConfigurationInvalid([...given.faults, ...faults])
  return { environment: toEnvironment(data), options: given.options, rest: given.rest }
}

function readOptions(args: readonly string[], own: readonly string[]) {
  const { options, ...others } = parseOptions(args, [...environmentOptions, ...own])
  const variables: Record<string, string> = {}
  for (const name of environmentOptions) {
    const value = options[name]?.at(-1)
    if (value !== undefined) variables[variableOf(name)] = value
  }
  return { variables, options: Object.fromEntries(own.map((name) => [name, options[name] ?? []])), ...others }
}

/** A command of a plugin, as the command line names it. */
export interface CommandLine {
  readonly environment: Environment
  readonly name: string
  /** What is left for the command. */
  readonly args: readonly string[]
}

/**
 * Reads a command line that begins with the name of a command: `create-user --email ann@shop.example`. Options of the
 * environment may be among its own.
 *
 * @returns `undefined` when it begins with none: then it is one for {@link readConfiguration}.
 * @throws {ConfigurationInvalid} naming every fault of the environment at once.
 */
export function readCommand(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): CommandLine | undefined {
  const [name, ...following] = args
  if (name === undefined || name.startsWith("-")) return undefined
  const taken = new Set<number>()
  for (const token of tokensOf(following, environmentOptions)) {
    if (token.kind !== "option" || !environmentOptions.includes(token.name)) continue
    taken.add(token.index)
    if (token.inlineValue === false) taken.add(token.index + 1)
  }
  const { environment } = readConfiguration(
    following.filter((_, index) => taken.has(index)),
    variables,
  )
  return { environment, name, args: following.filter((_, index) => !taken.has(index)) }
}

const tokensOf = (args: readonly string[], known: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: Object.fromEntries(known.map((name) => [name, { type: "string", multiple: true } as const])),
    strict: false,
    tokens: true,
  }).tokens

/** Takes a command line apart. Each option that is known takes a value, and may be given several times. */
export function parseOptions(args: readonly string[], known: readonly string[]) {
  const options: Record<string, string[]> = Object.fromEntries(known.map((name) => [name, []]))
  const rest: string[] = []
  const faults: string[] = []
  for (const token of tokensOf(args, known)) {
    if (token.kind === "positional") rest.push(token.value)
    if (token.kind !== "option") continue
    const { name, rawName, value, inlineValue } = token
    if (!known.includes(name)) faults.push(`${rawName}: there is no such option`)
    else if (value === undefined || (inlineValue === false && /^-./.test(value)))
      faults.push(`${rawName}: needs a value`)
    else options[name]?.push(value)
  }
  return { options, rest, faults }
}
