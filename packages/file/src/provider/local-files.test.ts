import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  ContentMissing,
  localFiles,
  ProviderUnavailable,
  SizeDiffers,
  startFile,
  TooLarge,
  UrlRefused,
} from "../index.ts"
import { aFile } from "../testing.ts"
import { signed } from "./signature.ts"

type Files = Awaited<ReturnType<typeof startFile>>

const secret = "a secret that everybody may know, for tests"
const baseUrl = "https://shop.example/static"

/** What a route of the shop makes of a URL. */
const requestFor = (url: string) => {
  const { origin, pathname, searchParams } = new URL(url)
  return {
    key: decodeURIComponent(`${origin}${pathname}`.slice(baseUrl.length + 1)),
    query: Object.fromEntries(searchParams),
  }
}

describe("files on the disk of this machine", () => {
  let root: string
  let database: TestDatabase
  let alone: Files
  let files: Files["files"]

  beforeAll(async () => {
    database = await createTestDatabase()
    root = mkdtempSync(join(tmpdir(), "files-"))
    const providers = [localFiles({ directory: root, baseUrl: `${baseUrl}/`, secret })]
    alone = await startFile({ providers, maxSize: 1_000_000, database: database.url, events: { relay: false } })
    await alone.migrate()
    files = alone.files
  })

  beforeEach(async () => {
    await alone.database.run(`truncate "file"."file", "file"."unclaimed_content"`)
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true })
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
    rmSync(root, { recursive: true })
  })

  const below = (folder: string) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])
  const fetched = async (url: string) => {
    const { content, size, headers } = await files.serve(requestFor(url))
    return { text: await text(content), size, headers }
  }

  it("are in the folder that may be served, or in the one beside it", async () => {
    const shown = await files.upload(aFile())
    const hidden = await files.upload(aFile({ access: "private" }))

    expect(readFileSync(join(root, shown.key), "utf8")).toBe("a picture")
    expect(below("public")).toEqual([shown.key.slice("public/".length)])
    expect(below("private")).toEqual([hidden.key.slice("private/".length)])
    expect(below("incoming")).toEqual([])
    expect(shown.url).toBe(`${baseUrl}/${shown.key}`)
  })

  it("never leave that folder, whatever they are called", async () => {
    const names = ["../../../etc/passwd", "..\\..\\evil.exe", "/etc/cron.d/job", "a/../../b", "C:\\boot.ini", "….png"]

    const made = await files.uploadMany(names.map((filename) => aFile({ filename })))

    expect(made.every(({ key }) => statSync(join(root, key)).isFile())).toBe(true)
    expect(below("public")).toHaveLength(names.length)
    expect(readdirSync(root).toSorted()).toEqual(["incoming", "public"])
  })

  it("are there as a whole or not at all", async () => {
    const seen: string[][] = []
    async function* slow() {
      // More than is held in memory on the way.
      for (let count = 0; count < 9; count++) yield Buffer.alloc(100_000)
      seen.push(below("public"), below("incoming"))
      throw new Error("gone")
    }

    await expect(files.upload(aFile({ content: slow() }))).rejects.toThrow("gone")
    const tooLarge = Readable.from([Buffer.alloc(600_000), Buffer.alloc(600_000)])
    await expect(files.upload(aFile({ content: tooLarge }))).rejects.toThrow(TooLarge)

    expect(seen[0]).toEqual([])
    expect(seen[1]).toHaveLength(1)
    expect([below("public"), below("incoming")]).toEqual([[], []])
  })

  it("are served for good when they are public, with their type, and nothing else is believed of them", async () => {
    const { url } = await files.upload(aFile())

    const answer = await fetched(url ?? "")

    expect(answer).toMatchObject({ text: "a picture", size: 9 })
    expect(answer.headers).toEqual({
      "content-type": "image/png",
      "content-disposition": "inline",
      "x-content-type-options": "nosniff",
      "cache-control": "public, max-age=31536000, immutable",
    })
  })

  it.each([
    ["evil.html", "text/html", "text/html"],
    ["evil.svg", "image/svg+xml", "image/svg+xml"],
    ["evil.html", "application/x-unknown", "text/html"],
  ])("run nothing in the shop's name: %s as %s is saved", async (filename, mimeType, type) => {
    const { url } = await files.upload(aFile({ filename, mimeType }))

    const { headers } = await fetched(url ?? "")

    expect(headers).toMatchObject({
      "content-type": type,
      "content-disposition": "attachment",
      "content-security-policy": "sandbox; default-src 'none'",
    })
  })

  it("are served for a while when they are private, under their own names", async () => {
    const { id } = await files.upload(
      aFile({ access: "private", filename: 'Rechnung "März".pdf', mimeType: "application/pdf" }),
    )

    const answer = await fetched(await files.downloadUrl(id))

    expect(answer.text).toBe("a picture")
    expect(answer.headers["content-disposition"]).toBe(
      `inline; filename="Rechnung _M_rz_.pdf"; filename*=UTF-8''Rechnung%20%22M%C3%A4rz%22.pdf`,
    )
    expect(answer.headers["cache-control"]).toBe("private, no-store")
  })

  it("are not served when the URL was not signed for it", async () => {
    const [mine, other] = await files.uploadMany([aFile({ access: "private" }), aFile({ access: "private" })])
    const key = mine?.key ?? ""
    const { query } = requestFor(await files.downloadUrl(other?.id ?? ""))
    const own = requestFor(await files.downloadUrl(mine?.id ?? "")).query
    const past = Math.floor(Date.now() / 1_000) - 1
    const expired = Object.fromEntries(signed(secret, { method: "GET", key, expires: past }))
    const ofUpload = Object.fromEntries(signed(secret, { method: "PUT", key, expires: past + 100 }))
    const foreign = Object.fromEntries(signed("x".repeat(32), { method: "GET", key, expires: past + 100 }))

    for (const wrong of [
      {},
      query,
      expired,
      ofUpload,
      foreign,
      { ...own, expires: "99999999999" },
      { ...own, filename: "other.html" },
      { ...own, signature: "" },
      { ...own, signature: [own["signature"]] },
    ]) {
      await expect(files.serve({ key, query: wrong })).rejects.toThrow(UrlRefused)
    }
  })

  it.each(["public/../private/a", "../../etc/passwd", "incoming/a", "public/none.png", "public/", "public"])(
    "are not served from elsewhere: %s",
    async (key) => {
      writeFileSync(join(root, "a"), "secret")
      await expect(files.serve({ key, query: {} })).rejects.toThrow(ContentMissing)
    },
  )

  const presign = async (size = 3) => {
    const { key, url, headers } = await files.presignUpload({ filename: "a.csv", mimeType: "text/csv", size })
    const send = (bytes: string, query = requestFor(url).query) =>
      files.receive({ key, query, content: Readable.from([Buffer.from(bytes)]) })
    return { key, url, headers, send }
  }

  it("can be sent to a signed URL, and are files once they are confirmed", async () => {
    const { key, headers, url, send } = await presign()

    await send("a,b")
    const { id, size } = await files.confirm(key)

    expect(headers).toEqual({ "content-type": "text/csv" })
    expect(requestFor(url).key).toBe(key)
    expect(size).toBe(3)
    expect(await text((await files.read(id)).content)).toBe("a,b")
  })

  it("are taken once per URL, from one of many who send at once", async () => {
    const { key, send } = await presign()

    const results = await Promise.allSettled(["a,b", "c,d", "e,f", "g,h"].map((bytes) => send(bytes)))
    const winner = ["a,b", "c,d", "e,f", "g,h"][results.findIndex(({ status }) => status === "fulfilled")]
    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))

    expect(lost).toHaveLength(3)
    expect(lost.every((error) => error instanceof UrlRefused)).toBe(true)
    const { id } = await files.confirm(key)
    await expect(send("x,y")).rejects.toThrow(UrlRefused)
    expect(await text((await files.read(id)).content)).toBe(winner)
    expect(below("incoming")).toEqual([])
  })

  it.each(["a", "a,b,c", ""])("are not taken when they are not as long as was signed: %j", async (bytes) => {
    const { key, send } = await presign()

    await expect(send(bytes)).rejects.toThrow(SizeDiffers)

    expect([below("private"), below("incoming")]).toEqual([[], []])
    await send("a,b")
    expect((await files.confirm(key)).size).toBe(3)
  })

  it("are not taken when the URL says something else than was signed", async () => {
    const { url, send } = await presign()
    const { query } = requestFor(url)

    for (const wrong of [{}, { ...query, size: "5" }, { ...query, expires: "99999999999" }]) {
      await expect(send("a,b,c", wrong)).rejects.toThrow(UrlRefused)
    }
    const other = await presign()
    await expect(other.send("a,b", query)).rejects.toThrow(UrlRefused)
    expect(below("private")).toEqual([])
  })

  it("are removed with what a crash has left of attempts to write them", async () => {
    const { key } = await files.presignUpload({ filename: "a.csv", size: 3 })
    const name = key.slice("private/".length)
    const other = await files.upload(aFile())
    writeFileSync(join(root, "incoming", `${name}.0123456789abcdef`), "a,")
    writeFileSync(join(root, "incoming", "another.0123456789abcdef"), "b")
    await alone.database.run(`update "file"."unclaimed_content" set due_at = now() - interval '1 second'`)

    const { removed } = await files.removeUnclaimed()

    expect(removed).toHaveLength(1)
    expect(below("incoming")).toEqual(["another.0123456789abcdef"])
    expect(existsSync(join(root, other.key))).toBe(true)
  })

  it("cannot be written where there is a file instead of a folder: the provider is unavailable", async () => {
    writeFileSync(join(root, "public"), "")

    await expect(files.upload(aFile())).rejects.toThrow(ProviderUnavailable)

    expect(below("incoming")).toEqual([])
  })
})

describe("the options of local files", () => {
  const options = { directory: "files", baseUrl, secret }

  it.each([
    ["a short secret", { secret: "short" }],
    ["a URL of no web server", { baseUrl: "file:///srv" }],
    ["a URL with a query", { baseUrl: "https://shop.example/?a=b" }],
    ["no directory", { directory: "" }],
  ])("are not %s", (_, fault) => {
    expect(() => localFiles({ ...options, ...fault })).toThrow(expect.objectContaining({ code: "input.invalid" }))
  })
})
