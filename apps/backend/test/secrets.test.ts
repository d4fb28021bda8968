import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readEnvironment } from "@marquetry/framework"
import { afterEach, beforeEach, expect, it } from "vitest"
import { fileSecret, withSecrets } from "../src/secrets.ts"

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "marquetry-secrets-"))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const secretOf = async (variables: Record<string, string> = {}) =>
  (await withSecrets(readEnvironment({ DATA_DIR: join(directory, "data"), ...variables }))).jwtSecret

it("makes a secret for the embedded database once, and keeps it from others", async () => {
  const [first, second] = await Promise.all([secretOf(), secretOf()])
  const later = await secretOf()
  const file = join(directory, "data/jwt-secret")

  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect([second, later]).toEqual([first, first])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, "utf8")).toBe(`${first}\n`)
})

it("takes the one that it is given, and makes none", async () => {
  const given = "a secret of thirty-two characters"

  expect(await secretOf({ JWT_SECRET: given })).toBe(given)
  await expect(stat(join(directory, "data"))).rejects.toMatchObject({ code: "ENOENT" })
})

it.each<[string, Record<string, string>]>([
  ["that is too short", { JWT_SECRET: "sixteen and more" }],
  ["that is missing beside Postgres", { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" }],
])("refuses a secret %s", async (_, variables) => {
  await expect(secretOf(variables)).rejects.toMatchObject({
    code: "configuration.invalid",
    faults: [expect.stringContaining("JWT_SECRET: ")],
  })
})

it("refuses a file that holds none", async () => {
  await writeFile(join(directory, "jwt-secret"), "\n")

  await expect(secretOf({ DATA_DIR: directory })).rejects.toMatchObject({ code: "configuration.invalid" })
})

it("signs URLs of files with a secret that is the same in all processes, and another than that of tokens", () => {
  const [one, again, other] = ["a secret", "a secret", "another secret"].map((secret) => fileSecret(secret))

  expect(one).toMatch(/^[0-9a-f]{64}$/)
  expect([again, other === one]).toEqual([one, false])
})
