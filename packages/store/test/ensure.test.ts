import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { expect, it } from "vitest"
import { startStore } from "../src/index.ts"

const backend = `
  import { startStore } from "@marquetry/store"
  const { stores, close } = await startStore({ database: process.env.DATABASE_URL })
  const input = { name: "Ours", supportedCurrencies: [{ currencyCode: "eur", isDefault: true }] }
  const asked = await Promise.all(Array.from({ length: 4 }, () => stores.ensure(input)))
  console.log(asked.map(({ id }) => id).join("\\n"))
  await close()
`

it("makes exactly one store when several backends start at once", async () => {
  const database = await createTestDatabase()
  const alone = await startStore({ database: database.url })
  await alone.migrate()

  const printed = await Promise.all(
    Array.from({ length: 4 }, () =>
      promisify(execFile)(process.execPath, ["--input-type=module", "--eval", backend], {
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        env: { ...process.env, DATABASE_URL: database.url },
      }),
    ),
  )

  const ids = printed.flatMap(({ stdout }) => stdout.trim().split("\n"))
  expect(ids).toHaveLength(16)
  expect(new Set(ids).size).toBe(1)
  expect((await alone.stores.list({ withDeleted: true })).count).toBe(1)
  await alone.close()
  await database.drop()
})
