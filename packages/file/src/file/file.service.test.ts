import { once } from "node:events"
import { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  ContentMissing,
  NotUploaded,
  ProviderUnavailable,
  SizeDiffers,
  startFile,
  TooLarge,
  TypeRefused,
  type FileView,
  type UploadFile,
} from "../index.ts"
import { aFile, memoryFiles } from "../testing.ts"

type Files = Awaited<ReturnType<typeof startFile>>

describe("files", () => {
  const memory = memoryFiles()
  let database: TestDatabase
  let alone: Files
  let files: Files["files"]

  const unclaimed = () =>
    alone.database.sql<{ key: string; is_doomed: boolean }>(
      `select key, is_doomed from "file"."unclaimed_content" order by id`,
    )
  const makeDue = () => alone.database.run(`update "file"."unclaimed_content" set due_at = now() - interval '1 second'`)
  const away = () => {
    throw new ProviderUnavailable("memory", "no answer")
  }

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startFile({ providers: [memory], maxSize: 1_000, database: database.url, events: { relay: false } })
    await alone.migrate()
    files = alone.files
  })

  beforeEach(async () => {
    await alone.database.run(`truncate "file"."file", "file"."unclaimed_content", "marquetry"."outbox"`)
    memory.contents.clear()
    memory.before = undefined
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("are stored as they come, and known by what they were called", async () => {
    const made = await files.upload({
      filename: "/tmp/../Größe L.PNG",
      mimeType: "Image/PNG; name=x",
      access: "public",
      content: Readable.from([Buffer.from("a pic"), Buffer.from("ture")]),
      createdBy: "user_1",
    })

    expect(made).toMatchObject({ filename: "Größe L.PNG", mimeType: "image/png", size: 9, access: "public" })
    expect(made).toMatchObject({ providerId: "memory", createdBy: "user_1" })
    expect(made.id).toMatch(/^file_[0-9A-Z]{26}$/)
    expect(made.key).toMatch(/^public\/[0-9a-z]{26}-[0-9a-f]{20}-gro-e-l\.png$/)
    expect(made.url).toBe(`https://memory.example/${made.key}`)
    expect(memory.contents.get(made.key)?.toString()).toBe("a picture")
    expect(await files.get(made.id)).toEqual(made)
    expect(await unclaimed()).toEqual([])
  })

  it("are private unless said, and have no URL then but for a while", async () => {
    const made = await files.upload({ filename: "orders.csv", content: Buffer.from("id\n") })
    const shown = await files.upload(aFile())

    expect(made).toMatchObject({ access: "private", url: null, mimeType: "application/octet-stream" })
    expect(made.key).toMatch(/^private\/.*-orders\.csv$/)
    expect(await files.downloadUrl(made.id)).toBe(`https://memory.example/${made.key}?expires=900`)
    expect(await files.downloadUrl(shown.id)).toBe(shown.url)
  })

  it("have their URLs found together, in one statement", async () => {
    const [one, two] = await files.uploadMany([aFile(), aFile({ access: "private" })])
    let urls: ReadonlyMap<string, string> | undefined

    const statements = await statementsOf(alone.database, async () => {
      urls = await files.downloadUrls([one?.id ?? "", two?.id ?? "", "file_none"])
    })

    expect([...(urls ?? [])]).toEqual([
      [one?.id, one?.url],
      [two?.id, `https://memory.example/${two?.key}?expires=900`],
    ])
    expect(statements).toHaveLength(1)
    expect(await files.downloadUrls([])).toEqual(new Map())
  })

  it("that are private are for whoever may read what they hold, as those say who deliver them", async () => {
    const [orders, notes, picture] = await files.uploadMany([
      aFile({ access: "private", readableWith: ["order:read", "order:export"] }),
      aFile({ access: "private" }),
      aFile(),
    ])
    const ids = [orders, notes, picture].map((file) => file?.id as string)
    const clerk = ({ readableWith }: FileView) => readableWith.length === 0 || readableWith.includes("order:export")
    const stranger = ({ access }: FileView) => access === "public"

    expect([...(await files.downloadUrls(ids, clerk)).keys()]).toEqual(ids)
    expect([...(await files.downloadUrls(ids, stranger)).keys()]).toEqual([picture?.id])
    expect(await files.getReadable(ids[0] as string, clerk)).toEqual(orders)
    await expect(files.getReadable(ids[0] as string, stranger)).rejects.toMatchObject({
      code: "file.not_readable",
      details: { id: ids[0], readableWith: ["order:read", "order:export"] },
    })
  })

  it("are restricted once it is known what they hold, and no further", async () => {
    const { key } = await files.presignUpload({ filename: "a.csv", size: 3, readableWith: ["order:read"] })
    memory.contents.set(key, Buffer.from("a,b"))
    const announced = await files.confirm(key)
    const [sent, shown] = await files.uploadMany([aFile({ access: "private" }), aFile()])
    const made = [announced, sent, shown].map((file) => file?.id as string)

    await Promise.all(made.map((id) => files.restrict(id, ["product:read"])))

    const after = await Promise.all(made.map((id) => files.get(id)))
    expect(after.map(({ readableWith }) => readableWith)).toEqual([["order:read"], ["product:read"], []])
  })

  it("are read back as a stream", async () => {
    const { id } = await files.upload(aFile({ access: "private" }))

    const { file, content } = await files.read(id)

    expect(file.filename).toBe("shirt.png")
    expect(await text(content)).toBe("a picture")
    memory.contents.clear()
    await expect(files.read(id)).rejects.toThrow(ContentMissing)
  })

  it("are made in order, many in as many statements as one", async () => {
    const inputs = Array.from({ length: 50 }, (_, index) => aFile({ filename: `${index}.png` }))

    const forOne = await statementsOf(alone.database, () => files.upload(aFile()))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      made = (await files.uploadMany(inputs)).map(({ filename }) => filename)
    })

    expect(made).toEqual(inputs.map(({ filename }) => filename))
    expect(forOne).toHaveLength(4)
    expect(forMany).toHaveLength(4)
    expect(memory.contents.size).toBe(51)
    expect(await files.uploadMany([])).toEqual([])
  })

  it("are stored one by one when they come so, before the next is asked for", async () => {
    const seen: number[] = []
    async function* parts(): AsyncGenerator<UploadFile> {
      for (const name of ["a.png", "b.png", "c.png"]) {
        seen.push(memory.contents.size)
        yield aFile({ filename: name })
      }
    }

    const made = await files.uploadEach(parts())

    expect(made.map(({ filename }) => filename)).toEqual(["a.png", "b.png", "c.png"])
    expect(seen).toEqual([0, 1, 2])
    expect(await files.uploadEach((async function* () {})())).toEqual([])
  })

  it.each([
    ["too large", () => aFile({ content: Readable.from([Buffer.alloc(600), Buffer.alloc(600)]) }), TooLarge],
    ["said to be too large", () => aFile({ size: 1_001 }), TooLarge],
    ["shorter than said", () => aFile({ size: 10 }), SizeDiffers],
    ["longer than said", () => aFile({ size: 8 }), SizeDiffers],
  ])("leave nothing behind, all of them, when one is %s", async (_, faulty, error) => {
    await expect(files.uploadMany([aFile(), faulty(), aFile()])).rejects.toThrow(error)
    await expect(
      files.uploadEach(
        (async function* () {
          yield aFile()
          yield faulty()
        })(),
      ),
    ).rejects.toThrow(error)

    expect(memory.contents.size).toBe(0)
    expect(await unclaimed()).toEqual([])
    expect((await files.list()).count).toBe(0)
  })

  it("leave nothing behind when whoever sends them goes away, and say so", async () => {
    async function* broken() {
      yield Buffer.from("a pic")
      throw new Error("socket hang up")
    }

    await expect(files.upload(aFile({ content: broken() }))).rejects.toThrow("socket hang up")

    expect(memory.contents.size).toBe(0)
    expect(await unclaimed()).toEqual([])
  })

  it("come in bytes: what a stream has made text of is refused, and leaves nothing behind", async () => {
    const stream = Readable.from([Buffer.from("a picture")], { objectMode: false }).setEncoding("utf8")

    await expect(files.upload(aFile({ content: stream }))).rejects.toThrow("the stream has an encoding")

    expect(memory.contents.size).toBe(0)
    expect(await unclaimed()).toEqual([])
  })

  it("close the streams of a call that fails", async () => {
    memory.before = away
    const streams = Array.from({ length: 6 }, () => Readable.from([Buffer.from("x")]))
    const closed = Promise.all(streams.map((stream) => once(stream, "close")))

    await expect(files.uploadMany(streams.map((content) => aFile({ content })))).rejects.toThrow(ProviderUnavailable)

    expect(await closed).toHaveLength(6)
  })

  it("never come as a whole: what is not wanted any more is not asked for", async () => {
    let asked = 0
    async function* endless() {
      for (;;) {
        asked++
        yield Buffer.alloc(100)
      }
    }

    await expect(files.upload(aFile({ content: endless() }))).rejects.toThrow(TooLarge)

    expect(asked).toBe(11)
  })

  it("are of types that the shop takes", async () => {
    const options = { providers: [memory], allowedTypes: ["image/*", "text/csv"], events: { relay: false } }
    const shop = await startFile({ ...options, database: database.url })

    await shop.files.uploadMany([aFile(), aFile({ filename: "a.csv", mimeType: "text/csv; charset=utf-8" })])
    await expect(shop.files.upload(aFile({ mimeType: "text/html" }))).rejects.toThrow(TypeRefused)
    await expect(
      shop.files.presignUpload({ filename: "a", mimeType: "application/pdf", size: 1 }),
    ).rejects.toMatchObject({ code: "file.type_refused", details: { mimeType: "application/pdf" } })

    expect(memory.contents.size).toBe(2)
    await shop.close()
  })

  it.each([
    ["without a name", { filename: "" }],
    ["with folders and no name", { filename: "a/b/" }],
    ["that is called ..", { filename: "a\\.." }],
    ["whose name is 256 characters long", { filename: "x".repeat(256) }],
    ["of no type", { mimeType: "image" }],
    ["without content", { content: undefined }],
    ["of text", { content: "a picture" }],
    ["with a place of the caller's", { key: "public/mine.png" }],
  ])("are refused %s", async (_, fault) => {
    await expect(files.upload({ ...aFile(), ...fault } as UploadFile)).rejects.toMatchObject({ code: "input.invalid" })
    expect(await unclaimed()).toEqual([])
  })

  it("lose what cannot be seen in their names", async () => {
    const { filename } = await files.upload(aFile({ filename: " invoice\u202Efdp.exe\u0000\n" }))

    expect(filename).toBe("invoicefdp.exe")
  })

  it("are deleted with their content, once, however many delete them at once", async () => {
    const { id, url } = await files.upload(aFile())

    const results = await Promise.allSettled(Array.from({ length: 6 }, () => files.delete(id)))

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    await expect(files.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect(memory.contents.size).toBe(0)
    expect(await unclaimed()).toEqual([])
    const told = await alone.database.sql(`select name, payload from "marquetry"."outbox" order by sequence`)
    expect(told).toEqual([
      { name: "file.created", payload: { id } },
      { name: "file.deleted", payload: { id, url } },
    ])
  })

  it("answer no more once they are deleted though their provider is away, and their content follows later", async () => {
    const { id, key } = await files.upload(aFile())
    memory.before = away

    await files.delete(id)
    await makeDue()
    const meanwhile = await files.removeUnclaimed()
    memory.before = undefined
    await makeDue()
    const later = await files.removeUnclaimed()

    await expect(files.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect([meanwhile, later]).toEqual([
      { removed: [], failed: [id] },
      { removed: [id], failed: [] },
    ])
    expect(memory.contents.has(key)).toBe(false)
  })

  it("deleted in a transaction keep their content until it has committed, and all if it has not", async () => {
    const [kept, gone] = await files.uploadMany([aFile(), aFile()])
    await alone.database
      .transaction(async () => {
        await files.delete(kept?.id ?? "")
        throw new Error("changed my mind")
      })
      .catch(() => {})

    await alone.database.transaction(async () => {
      await files.delete(gone?.id ?? "")
      expect(memory.contents.size).toBe(2)
    })
    await expect.poll(() => [...memory.contents.keys()]).toEqual([kept?.key])

    expect(await unclaimed()).toEqual([])
    expect((await files.get(kept?.id ?? "")).key).toBe(kept?.key)
  })

  it("that a crash has left half uploaded are removed after a day, by one of many", async () => {
    memory.before = (call) => (call === "delete" ? away() : undefined)
    await files.upload(aFile({ content: Readable.from([Buffer.alloc(2_000)]) })).catch(() => {})
    const left = await unclaimed()
    memory.before = undefined
    expect(left).toMatchObject([{ is_doomed: true }])
    // A process that dies while it uploads leaves a claim, and maybe content.
    const { key } = await files.presignUpload({ filename: "a.png", size: 3 })
    memory.contents.set(key, Buffer.from("abc"))

    expect((await files.removeUnclaimed()).removed).toEqual([])
    await makeDue()
    const removals = await Promise.all(Array.from({ length: 4 }, () => files.removeUnclaimed()))

    expect(removals.flatMap(({ removed }) => removed)).toHaveLength(2)
    expect(memory.contents.size).toBe(0)
    expect(await unclaimed()).toEqual([])
    await expect(files.confirm(key)).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("that were sent past the shop are files once they are confirmed, once, however many confirm them", async () => {
    const asked = { filename: "products.csv", mimeType: "text/csv", size: 3, createdBy: "user_1" }
    const { key, ...upload } = await files.presignUpload(asked)
    expect((await files.list()).count).toBe(0)
    memory.contents.set(key, Buffer.from("a,b"))

    const made = await Promise.all(Array.from({ length: 6 }, () => files.confirm(key)))

    expect(upload).toMatchObject({ filename: "products.csv", mimeType: "text/csv", size: 3 })
    expect(upload.url).toContain(key)
    expect(Math.abs(Date.parse(upload.expiresAt) - Date.now() - 900_000)).toBeLessThan(10_000)
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(made[0]).toMatchObject({ filename: "products.csv", size: 3, access: "private", createdBy: "user_1", key })
    expect(await unclaimed()).toEqual([])
    const told = await alone.database.sql(`select name from "marquetry"."outbox"`)
    expect(told).toEqual([{ name: "file.created" }])
  })

  it("are not confirmed before they are there, or when they are not as large as announced", async () => {
    const { key } = await files.presignUpload({ filename: "a.csv", size: 3 })

    await expect(files.confirm(key)).rejects.toThrow(NotUploaded)
    memory.contents.set(key, Buffer.from("a,b,c"))
    await expect(files.confirm(key)).rejects.toMatchObject({
      code: "file.size_differs",
      details: { announced: 3, size: 5 },
    })
    await expect(files.presignUpload({ filename: "a.csv", size: 1_001 })).rejects.toThrow(TooLarge)
    await expect(files.confirm("private/none")).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("keep the provider that they have when another one takes what is new", async () => {
    const next = memoryFiles("next")
    const before = await files.upload(aFile({ access: "private" }))
    const options = { database: database.url, events: { relay: false } }
    const shop = await startFile({ ...options, providers: [next, memory] })
    const forgetful = await startFile({ ...options, providers: [next] })

    const after = await shop.files.upload(aFile())

    expect(after.providerId).toBe("next")
    expect(await text((await shop.files.read(before.id)).content)).toBe("a picture")
    await expect(forgetful.files.read(before.id)).rejects.toMatchObject({ code: "file.unknown_provider" })
    await forgetful.files.delete(before.id)
    expect(await unclaimed()).toMatchObject([{ key: before.key }])
    await shop.close()
    await forgetful.close()
  })

  it.each([
    ["upload", () => files.upload(aFile())],
    ["uploadEach", () => files.uploadEach((async function* () {})())],
    ["presignUpload", () => files.presignUpload({ filename: "a", size: 1 })],
    ["confirm", () => files.confirm("private/none")],
    ["read", () => files.read("file_none")],
    ["downloadUrl", () => files.downloadUrl("file_none")],
    ["downloadUrls", () => files.downloadUrls(["file_none"])],
    ["removeUnclaimed", () => files.removeUnclaimed()],
  ] as [string, () => Promise<unknown>][])(
    "do not %s in a transaction, which would wait for a provider",
    async (_, work) => {
      await expect(alone.database.transaction(work)).rejects.toThrow("commit first")
    },
  )

  it.each(["get", "delete", "read", "downloadUrl"] as const)("cannot %s when there is none", async (verb) => {
    await expect(files[verb]("file_none")).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("are found by the beginning of their names, and by their fields", async () => {
    await files.uploadMany([aFile({ filename: "Blue shirt.png" }), aFile({ filename: "red.png", access: "private" })])

    expect((await files.list({ q: "shi" })).rows.map(({ filename }) => filename)).toEqual(["Blue shirt.png"])
    expect((await files.list({ filter: { access: "private" } })).rows.map(({ filename }) => filename)).toEqual([
      "red.png",
    ])
  })

  it("are not served where no provider's URLs lead to the shop", async () => {
    const { key } = await files.upload(aFile())

    await expect(files.serve({ key, query: {} })).rejects.toThrow(ContentMissing)
  })
})

describe("the providers of files", () => {
  it.each([
    ["none", [], /no provider/],
    ["two with one id", [memoryFiles(), memoryFiles()], /same id/],
    ["one with an id in capitals", [memoryFiles("Memory")], /lower-case/],
  ])("are not %s", async (_, providers, message) => {
    await expect(startFile({ providers })).rejects.toThrow(message)
  })
})
