import { connect } from "node:net"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { openBackOffice, PUBLIC_URL, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  // The official client takes a list of files that only browsers have, too.
  vi.stubGlobal("FileList", Array)
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await office.drop()
})
beforeEach(async () => {
  await office.composition.database.run(`delete from "file"."file"`)
  await office.composition.database.run(`delete from "file"."unclaimed_content"`)
})

type Uploaded = { id: string; url: string }

/** A URL of the shop, as whoever knows its name reaches it. */
const reached = (url: string) => url.replace(PUBLIC_URL, office.address)

const upload = async (path: string, files: readonly File[], token = office.token, headers: object = {}) => {
  const form = new FormData()
  for (const file of files) form.append("files", file)
  const answer = await fetch(`${office.address}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: form,
  })
  const body = (await answer.json()) as Json & { files: (Uploaded & Json)[] }
  return { status: answer.status, body }
}

const svg = new File(["<svg/>"], "../Burl & Banding.svg", { type: "image/svg+xml" })
const text = new File(["plain"], "notes.txt", { type: "text/plain" })

const stored = async () => {
  const [row] = await office.composition.database.sql<{ files: number; unclaimed: number }>(
    `select (select count(*)::int from "file"."file") as files,
      (select count(*)::int from "file"."unclaimed_content") as unclaimed`,
  )
  return row
}

describe("uploads", () => {
  it("are made, read and deleted by the official client, and fetched by anybody meanwhile", async () => {
    const { files } = await sdk.admin.upload.create({ files: [{ name: "notes.txt", content: "plain" }, svg] as never })
    const [notes, drawing] = files as [Uploaded, Uploaded]
    const { file: read } = await sdk.admin.upload.retrieve(notes.id)
    const fetched = await fetch(reached(notes.url))
    const picture = await fetch(reached(drawing.url))
    const deleted = await sdk.admin.upload.delete(notes.id)

    expect(files).toEqual([notes, drawing].map(({ id, url }) => ({ id, url })))
    expect(notes.url).toMatch(/^http:\/\/shop\.example\/static\/public\/[\w-]+-notes\.txt$/)
    expect(read).toEqual(notes)
    expect([fetched.status, await fetched.text(), fetched.headers.get("content-type")]).toEqual([
      200,
      "plain",
      "text/plain",
    ])
    expect(fetched.headers.get("cache-control")).toContain("immutable")
    // Scripts in it would run in the shop's name.
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      "content-disposition": expect.stringMatching(/^attachment/) as string,
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    })
    expect(deleted).toEqual({ id: notes.id, object: "file", deleted: true })
    await expect(sdk.admin.upload.retrieve(notes.id)).rejects.toMatchObject({ status: 404 })
    await expect.poll(async () => (await fetch(reached(notes.url))).status).toBe(404)
    expect((await office.audit(notes.id)).map(({ action, actorId }) => [action, actorId])).toEqual([
      ["created", office.userId],
      ["deleted", office.userId],
    ])
  })

  it("say more of themselves when they are asked", async () => {
    const { body } = await upload("/admin/uploads?fields=%2Bfilename,%2Bsize,%2Bmime_type,%2Bcreated_by", [svg])

    expect(body.files[0]).toMatchObject({
      filename: "Burl & Banding.svg",
      size: 6,
      mime_type: "image/svg+xml",
      created_by: office.userId,
    })
  })

  it("that are private are fetched by a URL of their own, for a while, and by no other", async () => {
    const { body } = await upload("/admin/uploads?access=private", [text, svg])
    const { id, url } = body.files[0] as Uploaded
    const read = (await office.get(`/admin/uploads/${id}`)).body["file"] as Uploaded
    const part = (await office.get(`/admin/uploads/${id}?fields=filename`)).body["file"]

    const answers = await Promise.all([url, read.url].map((one) => fetch(reached(one))))
    const bare = await fetch(reached(url.split("?", 1)[0] as string))
    const other = await fetch(reached(url.replace(/signature=../, "signature=xx")))

    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(["plain", "plain"])
    expect(answers[0]?.headers.get("cache-control")).toBe("private, no-store")
    expect([bare.status, other.status]).toEqual([403, 403])
    expect(await bare.json()).toMatchObject({ type: "forbidden", code: "file.url_refused" })
    expect(part).toEqual({ id, filename: "notes.txt" })
  })

  it("take a constant number of statements for URLs, and for the log", async () => {
    const many = Array.from({ length: 12 }, () => text)
    const path = "/admin/uploads?access=private"

    const one = await office.statements(() => upload(path, [text]))
    const all = await office.statements(() => upload(path, many))

    // One announces each file, as it comes.
    expect(all.length - one.length).toBe(11)
  })

  it.each([
    ["none", [], "", 400, "request.invalid"],
    ["one that is larger than the shop takes", [new File([Buffer.alloc(6_000_000)], "x")], "", 400, "file.too_large"],
    ["more than fifty", Array.from({ length: 51 }, () => text), "", 400, "request.invalid"],
    ["one without a name", [text, new File(["x"], "/")], "", 400, "input.invalid"],
    ["access for some", [text], "?access=some", 400, "request.invalid"],
    ["a parameter that there is not", [text], "?acces=private", 400, "request.invalid"],
  ])("are refused with %s, and nothing is kept", async (_, files, query, status, code) => {
    const answer = await upload(`/admin/uploads${query}`, files)

    expect(answer).toMatchObject({ status, body: { code } })
    expect(await stored()).toEqual({ files: 0, unclaimed: 0 })
  })

  it("are refused in another field", async () => {
    const form = new FormData()
    form.append("file", text)
    const headers = { authorization: `Bearer ${office.token}` }

    const answer = await fetch(`${office.address}/admin/uploads`, { method: "POST", headers, body: form })

    expect([answer.status, ((await answer.json()) as Json)["message"]]).toEqual([
      400,
      "Invalid request: Unrecognized fields: 'file'",
    ])
    expect(await stored()).toEqual({ files: 0, unclaimed: 0 })
  })

  it("are for those who may", async () => {
    const reader = await office.colleague("files@shop.example", ["file:read"])
    const { body } = await upload("/admin/uploads", [text])
    const path = `/admin/uploads/${body.files[0]?.id}`

    expect((await upload("/admin/uploads", [text], reader)).status).toBe(403)
    expect((await office.get(path, { token: reader })).status).toBe(200)
    expect((await office.delete(path, { token: reader })).status).toBe(403)
  })

  it("whose sender goes away leave nothing", async () => {
    const { hostname, port } = new URL(office.address)
    const socket = connect(Number(port), hostname)
    socket.write(
      [
        "POST /admin/uploads HTTP/1.1",
        `host: ${hostname}`,
        `authorization: Bearer ${office.token}`,
        "content-type: multipart/form-data; boundary=x",
        "content-length: 100000",
        "",
        `--x\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nhalf`,
      ].join("\r\n"),
    )
    await vi.waitFor(async () => expect(await stored()).toEqual({ files: 0, unclaimed: 1 }))

    socket.destroy()

    await vi.waitFor(async () => expect(await stored()).toEqual({ files: 0, unclaimed: 0 }))
  })

  it("are made once for an Idempotency-Key", async () => {
    const headers = { "idempotency-key": "one-upload" }

    const answers = [await upload("/admin/uploads", [text], office.token, headers)]
    answers.push(await upload("/admin/uploads", [text], office.token, headers))
    const other = await upload("/admin/uploads", [svg], office.token, headers)

    expect(answers[1]).toEqual(answers[0])
    expect(other).toMatchObject({ status: 400, body: { type: "invalid_data", code: "idempotency.key_reused" } })
    expect(await stored()).toEqual({ files: 1, unclaimed: 0 })
  })
})

describe("uploads past the shop", () => {
  const asked = { originalname: "Größen.csv", mime_type: "text/csv", size: 3 }
  type Presigned = { url: string; filename: string; headers: Record<string, string> }
  const put = (url: string, body: string) =>
    fetch(reached(url), { method: "PUT", headers: { "content-type": "text/csv" }, body })

  it("are signed for the official client, sent once, and confirmed, however often that is said", async () => {
    const signed = (await sdk.admin.upload.presignedUrl({ ...asked, access: "public" })) as unknown as Presigned & Json

    const sent = await put(signed.url, "a,b")
    const again = await put(signed.url, "x,y")
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => office.post("/admin/uploads/confirm", { file_key: signed.filename })),
    )

    const { file } = answers[0]!.body as { file: Uploaded }
    expect(signed).toEqual({
      ...asked,
      url: expect.stringContaining(`${PUBLIC_URL}/static/${signed.filename}?`) as string,
      filename: expect.stringMatching(/^public\/[\w-]+-gro-en\.csv$/) as string,
      extension: "csv",
      headers: { "content-type": "text/csv" },
      expires_at: expect.stringMatching(/Z$/) as string,
    })
    expect([sent.status, again.status]).toEqual([200, 403])
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await (await fetch(reached(file.url))).text()).toBe("a,b")
    expect((await office.audit(file.id)).map(({ action }) => action)).toContain("confirmed")
  })

  it("may be of no type that the browser knows, and empty", async () => {
    const { body } = await office.post("/admin/uploads/presigned-urls", { ...asked, mime_type: "", size: 0 })
    const { url, filename } = body as Presigned

    const sent = await put(url, "")
    const confirmed = await office.post("/admin/uploads/confirm?fields=%2Bsize,%2Bmime_type", { file_key: filename })

    expect([sent.status, confirmed.status]).toEqual([200, 200])
    expect(confirmed.body["file"]).toMatchObject({ size: 0, mime_type: "application/octet-stream" })
  })

  it("are refused when they are of another size than was said, or too early", async () => {
    const { body } = await office.post("/admin/uploads/presigned-urls", asked)
    const { url, filename } = body as Presigned

    const long = await put(url, "x".repeat(3_000_000))
    const early = await office.post("/admin/uploads/confirm", { file_key: filename })
    const unknown = await office.post("/admin/uploads/confirm", { file_key: "private/none" })

    expect(long.status).toBe(400)
    expect(await long.json()).toMatchObject({ code: "file.size_differs" })
    expect(early).toMatchObject({ status: 400, body: { type: "not_allowed", code: "file.not_uploaded" } })
    expect(unknown).toMatchObject({ status: 404, body: { type: "not_found" } })
  })

  it.each([
    ["a size that is too large", { size: 6_000_000 }, "file.too_large"],
    ["a type that is none", { mime_type: "csv" }, "input.invalid"],
    ["a name that is none", { originalname: "/" }, "request.invalid"],
    ["a size that is missing", { size: undefined }, "request.invalid"],
  ])("are refused with %s", async (_, wrong, code) => {
    const answer = await office.post("/admin/uploads/presigned-urls", { ...asked, ...wrong })

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code } })
  })

  it("may be sent by browsers from where the shop allows it", async () => {
    const preflight = async (origin: string) => {
      const headers = { origin, "access-control-request-method": "PUT" }
      const answer = await fetch(`${office.address}/static/private/x`, { method: "OPTIONS", headers })
      return answer.headers.get("access-control-allow-origin")
    }

    expect(await preflight("https://admin.shop.example")).toBe("https://admin.shop.example")
    expect(await preflight("https://other.example")).toBeNull()
  })
})

describe("addresses of files", () => {
  it.each(["/static/incoming/x", "/static/public/none.png", "/static/public/..%2Fprivate", "/static/public/%00"])(
    "%s leads nowhere",
    async (path) => {
      expect((await fetch(`${office.address}${path}`)).status).toBe(404)
    },
  )
})
