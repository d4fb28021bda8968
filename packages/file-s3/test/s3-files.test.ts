import { Readable } from "node:stream"
import { buffer, text } from "node:stream/consumers"
import { ContentMissing, NotUploaded, ProviderUnavailable, startFile, type FileView } from "@marquetry/file"
import { aFile } from "@marquetry/file/testing"
import { createTestDatabase, freePort, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { s3Files } from "../src/index.ts"
import { S3Server } from "./s3-server.ts"

type Files = Awaited<ReturnType<typeof startFile>>

const MEGABYTE = 1_024 * 1_024

describe("files in S3", () => {
  const server = new S3Server()
  const { bucket, credentials } = server
  const usual = { bucket, credentials, region: "eu-central-1", forcePathStyle: true, client: { maxAttempts: 1 } }
  let database: TestDatabase
  let alone: Files
  let files: Files["files"]

  beforeAll(async () => {
    await server.start()
    database = await createTestDatabase()
    const providers = [s3Files({ ...usual, endpoint: server.endpoint })]
    alone = await startFile({ providers, database: database.url, events: { relay: false } })
    await alone.migrate()
    files = alone.files
  })

  beforeEach(async () => {
    await alone.database.run(`truncate "file"."file", "file"."unclaimed_content"`)
    server.fault = undefined
    server.objects.clear()
    server.uploads.clear()
    server.requests.length = 0
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
    await server.close()
  })

  const contentOf = async ({ id }: FileView) => text((await files.read(id)).content)

  it("are put there signed, with their type and how browsers shall treat them", async () => {
    const made = await files.upload(aFile({ filename: "größe.png" }))
    const page = await files.upload(aFile({ filename: "page.html", mimeType: "text/html", access: "private" }))

    expect(made.url).toBe(`${server.endpoint}/shop/${made.key}`)
    expect(server.objects.get(made.key)?.body.toString()).toBe("a picture")
    expect(server.objects.get(made.key)?.headers).toMatchObject({
      "content-type": "image/png",
      "content-disposition": `inline; filename="gr__e.png"; filename*=UTF-8''gr%C3%B6%C3%9Fe.png`,
      "cache-control": "public, max-age=31536000, immutable",
    })
    expect(server.objects.get(page.key)?.headers).toMatchObject({
      "content-disposition": `attachment; filename="page.html"; filename*=UTF-8''page.html`,
      "cache-control": "private, no-store",
    })
    expect(server.objects.get(made.key)?.headers).not.toHaveProperty("x-amz-acl")
    expect(page.url).toBeNull()
    expect(await contentOf(page)).toBe("a picture")
    expect(await (await fetch(made.url ?? "")).text()).toBe("a picture")
  })

  it("are sent in parts when they are large, and come back as they were", async () => {
    const chunks = Array.from({ length: 12 }, (_, index) => Buffer.alloc(MEGABYTE, index))

    const { id, size } = await files.upload(aFile({ content: Readable.from(chunks) }))

    expect(size).toBe(12 * MEGABYTE)
    expect(server.requests.filter((request) => request.startsWith("PUT"))).toHaveLength(3)
    const { content } = await files.read(id)
    expect((await buffer(content)).equals(Buffer.concat(chunks))).toBe(true)
    expect(server.uploads.size).toBe(0)
  })

  it("leave no parts behind when whoever sends them goes away, and say so", async () => {
    async function* broken() {
      for (let count = 0; count < 12; count++) yield Buffer.alloc(MEGABYTE)
      throw new Error("socket hang up")
    }

    await expect(files.upload(aFile({ content: broken() }))).rejects.toThrow("socket hang up")

    expect(server.requests.some((request) => request.startsWith("PUT"))).toBe(true)
    expect(server.uploads.size).toBe(0)
    expect(server.objects.size).toBe(0)
  })

  it("are deleted there once that has committed, and what is gone already is done", async () => {
    const made = await files.uploadMany(Array.from({ length: 20 }, () => aFile()))
    server.objects.delete(made[0]?.key ?? "")

    await alone.database.transaction(async () => {
      for (const { id } of made) await files.delete(id)
    })

    await expect.poll(() => server.objects.size).toBe(0)
    await expect.poll(() => alone.database.sql(`select id from "file"."unclaimed_content"`)).toEqual([])
  })

  it("can be sent past the shop by whoever has a signed URL, of the size and type that were said", async () => {
    const { key, url, headers } = await files.presignUpload({ filename: "a.csv", mimeType: "text/csv", size: 3 })
    const send = (body: string, more: Record<string, string> = {}) =>
      fetch(url, { method: "PUT", headers: { ...headers, ...more }, body: Buffer.from(body) })

    await expect(files.confirm(key)).rejects.toThrow(NotUploaded)
    expect((await send("a,b,c")).status).toBe(403)
    expect((await send("a,b", { "content-type": "text/html" })).status).toBe(403)
    expect((await fetch(url.replace("a.csv", "b.csv"), { method: "PUT", headers, body: "a,b" })).status).toBe(403)
    expect((await send("a,b")).status).toBe(200)

    const file = await files.confirm(key)
    expect(file).toMatchObject({ filename: "a.csv", mimeType: "text/csv", size: 3, providerId: "s3" })
    expect(await contentOf(file)).toBe("a,b")
  })

  it("can be fetched by a signed URL when they are private, under their own names", async () => {
    const { id, key } = await files.upload(aFile({ access: "private", filename: "order 7.csv", mimeType: "text/csv" }))

    const url = await files.downloadUrl(id)
    const answer = await fetch(url)

    expect(await answer.text()).toBe("a picture")
    expect(answer.headers.get("content-type")).toBe("text/csv")
    expect(answer.headers.get("content-disposition")).toContain(`attachment; filename="order 7.csv"`)
    expect((await fetch(`${server.endpoint}/shop/${key}`)).status).toBe(403)
    expect((await fetch(url.replace("X-Amz-Expires=900", "X-Amz-Expires=9000"))).status).toBe(403)
  })

  it("that were deleted there by others are missing, not a fault of the service", async () => {
    const { id, key } = await files.upload(aFile())
    server.objects.delete(key)

    await expect(files.read(id)).rejects.toThrow(ContentMissing)
  })

  it.each([
    ["it has no permission", { status: 403, code: "AccessDenied" }, "AccessDenied it is"],
    ["there is no such bucket", { status: 404, code: "NoSuchBucket" }, "NoSuchBucket it is"],
    ["it is overloaded", { status: 503, code: "SlowDown" }, "SlowDown it is"],
    ["the connection is cut", "cut" as const, /socket hang up|ECONNRESET/],
  ])("are told to be out of reach when %s", async (_, fault, message) => {
    const { id, key } = await files.upload(aFile())
    server.fault = fault

    for (const work of [() => files.upload(aFile()), () => files.read(id)]) {
      const error: unknown = await work().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ProviderUnavailable)
      expect(error).toMatchObject({ code: "file.provider_unavailable", details: { providerId: "s3" } })
    }
    await expect(files.read(id)).rejects.toThrow(message)
    await files.delete(id)
    server.fault = undefined
    expect(server.objects.has(key)).toBe(true)
    await alone.database.run(`update "file"."unclaimed_content" set due_at = now() - interval '1 second'`)
    expect((await files.removeUnclaimed()).removed).toContain(id)
    expect(server.objects.has(key)).toBe(false)
  })

  it.each([{ status: 403, code: "AccessDenied" }, "cut" as const])(
    "are not taken for missing when they are confirmed and S3 does not say (%j)",
    async (fault) => {
      const { key } = await files.presignUpload({ filename: "a", size: 1 })
      server.fault = fault

      await expect(files.confirm(key)).rejects.toThrow(ProviderUnavailable)
    },
  )

  it("are told to be out of reach when nobody listens, or the key is wrong", async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`
    const nowhere = s3Files({ ...usual, endpoint })
    const stranger = { accessKeyId: "AKIATEST", secretAccessKey: "another" }
    const unknown = s3Files({ ...usual, endpoint: server.endpoint, credentials: stranger })

    await expect(nowhere.get("public/a")).rejects.toThrow(ProviderUnavailable)
    await expect(unknown.get("private/a")).rejects.toThrow("SignatureDoesNotMatch it is")
  })

  it("can share a bucket, be read by a CDN, and be made readable one by one", async () => {
    const provider = s3Files({
      ...usual,
      endpoint: server.endpoint,
      id: "s3-media",
      prefix: "/media/",
      publicUrl: "https://cdn.example/",
      acl: true,
    })
    const shop = await startFile({ providers: [provider], database: database.url, events: { relay: false } })

    const shown = await shop.files.upload(aFile())
    const hidden = await shop.files.upload(aFile({ access: "private" }))

    expect(shown).toMatchObject({ providerId: "s3-media", url: `https://cdn.example/${shown.key}` })
    expect(server.objects.get(`media/${shown.key}`)?.headers["x-amz-acl"]).toBe("public-read")
    expect(server.objects.get(`media/${hidden.key}`)?.headers).not.toHaveProperty("x-amz-acl")
    expect(await text((await shop.files.read(hidden.id)).content)).toBe("a picture")
    await shop.close()
  })

  it.each([
    [{}, "https://shop.s3.eu-central-1.amazonaws.com/public/a.png"],
    [{ forcePathStyle: true }, "https://s3.eu-central-1.amazonaws.com/shop/public/a.png"],
    [{ endpoint: "https://fra1.digitaloceanspaces.com/" }, "https://shop.fra1.digitaloceanspaces.com/public/a.png"],
    [{ endpoint: "http://minio:9000", forcePathStyle: true }, "http://minio:9000/shop/public/a.png"],
    [{ prefix: "media" }, "https://shop.s3.eu-central-1.amazonaws.com/media/public/a.png"],
    [{ prefix: "media", publicUrl: "https://cdn.example" }, "https://cdn.example/public/a.png"],
  ])("are found by anybody where the options say: %j", (options, url) => {
    expect(s3Files({ bucket, region: "eu-central-1", ...options }).urlOf("public/a.png")).toBe(url)
  })
})
