import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { localFiles, startFile } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and keeps a file", async () => {
    const directory = mkdtempSync(join(tmpdir(), "files-"))
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const secret = "a secret that everybody may know, for tests"
    const providers = [localFiles({ directory, baseUrl: "http://localhost:9000/static", secret })]
    const alone = await startFile({ database: database?.url, providers })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { id, size } = await alone.files.upload({ filename: "a.txt", content: Buffer.from("veneer") })
    const { content } = await alone.files.read(id)
    const read = await text(content)
    await alone.database.transaction(() => alone.files.delete(id))
    const unclaimed = () => alone.database.sql(`select id from "file"."unclaimed_content"`)
    await expect.poll(unclaimed).toEqual([])

    expect(ran).toContain("file/20261126174414_create-files")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect([size, read]).toEqual([6, "veneer"])
    await expect(alone.files.get(id)).rejects.toThrow("was not found")
    const kept = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(kept).toEqual([])
    await alone.close()
    await database?.drop()
    rmSync(directory, { recursive: true })
  })
})
