import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Json } from "./back-office.ts"
import { actorOf } from "./people.ts"

let office: BackOffice
let ids: string[]
beforeAll(async () => {
  office = await openBackOffice()
  ids = []
  for (const name of ["One", "Two"]) {
    const { body } = await office.post(
      "/admin/sales-channels",
      { name },
      { headers: { "x-request-id": `makes-${name}` } },
    )
    ids.push((body["sales_channel"] as { id: string }).id)
  }
})
afterAll(() => office.drop())

const list = async (query: string, token?: string) => {
  const { status, body } = await office.get(`/admin/audit-log?${query}`, token === undefined ? {} : { token })
  return status === 200 ? (body["audit_entries"] as Json[]) : body
}

describe("the audit log", () => {
  it("says who has done what, newest first", async () => {
    const [second, first] = (await list("resource_type=sales_channel")) as [Json, Json]
    const { body } = await office.get(`/admin/audit-log/${String(first["id"])}`)

    expect([first["resource_id"], second["resource_id"]]).toEqual(ids)
    expect(first).toEqual({
      id: expect.stringMatching(/^audit_/) as unknown,
      actor_type: "user",
      actor_id: office.userId,
      action: "created",
      resource_type: "sales_channel",
      resource_id: ids[0],
      changes: expect.objectContaining({ name: { to: "One" } }) as unknown,
      request_id: "makes-One",
      created_at: expect.stringMatching(/^20/) as unknown,
    })
    expect(body).toEqual({ audit_entry: first })
  })

  it("is searched by who, what, which request and when", async () => {
    const token = await office.colleague("writer@shop.example", ["sales_channel:*"])
    const path = `/admin/sales-channels/${ids[1]}`
    await office.post(path, { name: "Changed" }, { token })

    const counts = await Promise.all(
      [
        `actor_id=${actorOf(token)}`,
        `actor_id=${actorOf(token)}&action=created`,
        `resource_type=sales_channel&resource_id=${ids[1]}`,
        "request_id=makes-Two",
        "actor_type=api_key",
        "request_id=makes-Two&created_at[$lt]=2020-01-01",
        "resource_type=sales_channel&created_at[$gte]=2020-01-01&limit=2",
      ].map(async (query) => ((await list(query)) as Json[]).length),
    )

    expect(counts).toEqual([1, 0, 2, 1, 0, 0, 2])
  })

  it("is listed oldest first too, in three statements", async () => {
    const [first] = (await list("resource_type=sales_channel&order=created_at")) as [Json]
    const sent = await office.statements(() => list("resource_type=sales_channel"))

    expect(first["resource_id"]).toBe(ids[0])
    expect(sent).toHaveLength(3)
  })

  it("is for those who may read it, and written by nobody", async () => {
    const token = await office.colleague("reader@shop.example", ["sales_channel:*"])

    const [mayNot, write, remove] = [
      await list("limit=1", token),
      await office.post("/admin/audit-log", {}),
      await office.delete(`/admin/audit-log/${ids[0]}`),
    ]

    expect(mayNot).toMatchObject({ code: "request.permission_missing" })
    expect([write.status, remove.status]).toEqual([404, 404])
  })
})
