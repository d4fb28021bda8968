import { startTestServer } from "./postgres.ts"

/** For vitest's `globalSetup`: one Postgres for the whole run. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer()
  process.env["MARQUETRY_TEST_SERVER"] = server.url
  return () => server.stop()
}
