import { describe, expect, it } from "vitest"
import { ConfigurationInvalid, readConfiguration, readEnvironment } from "./index.ts"

const faultsOf = (read: () => unknown): readonly string[] => {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigurationInvalid) return error.faults
    throw error
  }
  return []
}

describe("the environment", () => {
  it("needs nothing to be said", () => {
    expect(readEnvironment({})).toEqual({
      production: false,
      port: 9000,
      host: "127.0.0.1",
      publicUrl: "http://127.0.0.1:9000",
      databaseUrl: undefined,
      databaseReplicaUrl: undefined,
      redisUrl: undefined,
      jwtSecret: "development-only-secret",
      cookieSecret: "development-only-secret",
      cors: {
        store: ["http://localhost:8000"],
        admin: ["http://localhost:7001"],
        auth: ["http://localhost:7001", "http://localhost:8000"],
      },
      demo: true,
      dataDirectory: ".marquetry",
      logLevel: "info",
      rateLimit: 30_000,
      trustProxy: [],
      workers: 1,
    })
  })

  it.each([
    ["PORT", "0", { port: 0 }],
    ["PORT", "", { port: 9000 }],
    ["HOST", "0.0.0.0", { publicUrl: "http://localhost:9000" }],
    ["HOST", "::1", { publicUrl: "http://[::1]:9000" }],
    ["PUBLIC_URL", "https://shop.example/api/", { publicUrl: "https://shop.example/api" }],
    ["ADMIN_PASSWORD", "correct horse", { adminPassword: "correct horse" }],
    ["DATABASE_URL", "postgresql://u:p@db/shop", { databaseUrl: "postgresql://u:p@db/shop" }],
    [
      "STORE_CORS",
      "https://a.example, https://b.example,",
      { cors: { store: ["https://a.example", "https://b.example"] } },
    ],
    ["DEMO", "false", { demo: false }],
    ["RATE_LIMIT", "off", { rateLimit: false }],
    ["RATE_LIMIT", "100", { rateLimit: 100 }],
    ["TRUST_PROXY", "10.0.0.0/8,127.0.0.1", { trustProxy: ["10.0.0.0/8", "127.0.0.1"] }],
    ["LOG_LEVEL", "silent", { logLevel: "silent" }],
  ])("reads %s=%s", (name, value, expected) => {
    expect(readEnvironment({ [name]: value })).toMatchObject(expected)
  })

  it("takes a first user who has an address and a password, or a password alone", () => {
    const password = "correct horse"

    expect(readEnvironment({ ADMIN_EMAIL: "ada@shop.example", ADMIN_PASSWORD: password })).toMatchObject({
      adminEmail: "ada@shop.example",
      adminPassword: password,
    })
    expect(faultsOf(() => readEnvironment({ ADMIN_EMAIL: "ada@shop.example" }))).toEqual([
      "ADMIN_PASSWORD: must be set beside ADMIN_EMAIL",
    ])
    expect(faultsOf(() => readEnvironment({ ADMIN_EMAIL: "ada", ADMIN_PASSWORD: password }))).toEqual([
      "ADMIN_EMAIL: an e-mail address",
    ])
  })

  it.each([
    ["PORT", "70000"],
    ["PORT", "http"],
    ["PORT", "-1"],
    ["PUBLIC_URL", "shop.example"],
    ["ADMIN_PASSWORD", "short"],
    ["DATABASE_URL", "mysql://db/shop"],
    ["DATABASE_URL", "not a url"],
    ["REDIS_URL", "http://localhost"],
    ["JWT_SECRET", "short"],
    ["DEMO", "yes"],
    ["LOG_LEVEL", "loud"],
    ["RATE_LIMIT", "0"],
    ["RATE_LIMIT", "many"],
    ["WORKERS", "0"],
    ["WORKERS", "2"],
    ["NODE_ENV", "staging"],
  ])("refuses %s=%s, and says which it was", (name, value) => {
    const faults = faultsOf(() => readEnvironment({ [name]: value }))

    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(new RegExp(`^${name}: .{5,}`))
  })

  it("names every fault at once, also the secrets that production needs", () => {
    const faults = faultsOf(() => readEnvironment({ NODE_ENV: "production", PORT: "x", DEMO: "1", WORKERS: "4" }))

    expect(faults.map((fault) => fault.split(":")[0])).toEqual([
      "PORT",
      "DEMO",
      "JWT_SECRET",
      "COOKIE_SECRET",
      "WORKERS",
    ])
  })

  it("takes secrets of one's own in production, but not those of development", () => {
    const secrets = { JWT_SECRET: "a-secret-of-its-own", COOKIE_SECRET: "another-of-its-own" }
    const development = { JWT_SECRET: "development-only-secret" }

    expect(readEnvironment({ NODE_ENV: "production", ...secrets }).production).toBe(true)
    expect(faultsOf(() => readEnvironment({ NODE_ENV: "production", ...secrets, ...development }))).toHaveLength(1)
  })
})

describe("the command line", () => {
  const read = (...args: string[]) => readConfiguration(args, { PORT: "1234" }, ["import", "currency"])

  it.each([
    [[], 1234],
    [["--port", "80"], 80],
    [["--port=80"], 80],
    [["--port", "80", "--port", "81"], 81],
  ])("%j wins over the environment", (args, port) => {
    expect(read(...args).environment.port).toBe(port)
  })

  it("gives the app its own options, several times over, and the rest", () => {
    expect(read("--import", "a.csv", "--import=b.csv", "c.csv", "--data-dir", "x")).toMatchObject({
      options: { import: ["a.csv", "b.csv"], currency: [] },
      rest: ["c.csv"],
      environment: { dataDirectory: "x" },
    })
  })

  it.each([
    [["--prot", "80"], ["--prot: there is no such option"]],
    [["-p"], ["-p: there is no such option"]],
    [["--port"], ["--port: needs a value"]],
    [["--import", "--demo", "false"], ["--import: needs a value"]],
    [
      ["--prot", "80", "--colour", "--port", "x"],
      ["--prot: there is no such option", "--colour: there is no such option", "PORT: a whole number"],
    ],
  ])("%j is refused, with every fault", (args, faults) => {
    expect(faultsOf(() => read(...args))).toEqual(faults)
  })
})
