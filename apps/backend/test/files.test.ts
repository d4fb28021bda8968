import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { FileService } from "@marquetry/file"
import { createBackend, readEnvironment, type Backend } from "@marquetry/framework"
import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, expect, it } from "vitest"
import { configure } from "../marquetry.config.ts"
import { JWT_SECRET } from "./process.ts"

let directory: string
let database: TestDatabase
let backend: Backend
let address: string
let files: FileService

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "marquetry-files-"))
  database = await createTestDatabase()
  const place = { DATABASE_URL: database.url, DATA_DIR: directory, PORT: "0", PUBLIC_URL: "https://shop.example/" }
  backend = await createBackend(configure(readEnvironment({ ...place, JWT_SECRET, LOG_LEVEL: "silent" })))
  address = await backend.listen()
  files = backend.composition.container.resolve(FileService)
})
afterAll(async () => {
  await backend.close()
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

const fetched = async (url: string) => {
  const answer = await fetch(url.replace("https://shop.example", address))
  return [answer.status, answer.ok ? await answer.text() : undefined]
}

it("keeps files in the data directory, and answers for them where clients reach it", async () => {
  const content = Buffer.from("<svg/>")
  const { id, url } = await files.upload({ filename: "mark.svg", mimeType: "image/svg+xml", access: "public", content })

  expect(url).toMatch(/^https:\/\/shop\.example\/static\/public\/[\w-]+-mark\.svg$/)
  expect(await fetched(url as string)).toEqual([200, "<svg/>"])
  expect(await readdir(join(directory, "files/public"))).toHaveLength(1)
  await files.delete(id)
  expect((await fetched(url as string))[0]).toBe(404)
})

it("gives private files to those who have a signed URL", async () => {
  const { id } = await files.upload({ filename: "orders.csv", mimeType: "text/csv", content: Buffer.from("a,b") })
  const url = await files.downloadUrl(id)

  expect(await fetched(url)).toEqual([200, "a,b"])
  expect(await fetched(url.split("?", 1)[0] as string)).toEqual([403, undefined])
})

it("lets browsers of its admin and its storefronts fetch them by scripts", async () => {
  const headers = { origin: "http://localhost:7001" }
  const answer = await fetch(`${address}/static/public/none`, { headers })

  expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:7001")
})
