import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

const actionsOn = async (id: string) => (await office.audit(id)).map(({ action }) => action)

describe("return reasons", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { return_reason: made } = await sdk.admin.returnReason.create({ value: "size", label: "Wrong size" })
    const { return_reason: closer } = await sdk.admin.returnReason.create({
      value: "too-small",
      label: "Too small",
      parent_return_reason_id: made.id,
    })
    const { return_reason: changed } = await sdk.admin.returnReason.update(closer.id, {
      value: "too-small",
      label: "Much too small",
      description: "By two sizes or more",
    })
    const { return_reason: above } = await sdk.admin.returnReason.retrieve(made.id)
    const found = await sdk.admin.returnReason.list({ q: "much", parent_return_reason_id: made.id })
    const deleted = await sdk.admin.returnReason.delete(made.id)

    expect(made).toMatchObject({ value: "size", label: "Wrong size", description: null, return_reason_children: [] })
    expect(closer).toMatchObject({ parent_return_reason_id: made.id, parent_return_reason: { value: "size" } })
    expect(changed).toMatchObject({ label: "Much too small", description: "By two sizes or more" })
    expect(above.return_reason_children).toMatchObject([{ id: closer.id }])
    expect([found.return_reasons, found.limit]).toEqual([[changed], 20])
    expect(deleted).toEqual({ id: made.id, object: "return_reason", deleted: true })
    expect((await sdk.admin.returnReason.retrieve(closer.id)).return_reason.parent_return_reason_id).toBeNull()
    expect([await actionsOn(made.id), await actionsOn(closer.id)]).toEqual([
      ["created", "deleted"],
      ["created", "updated"],
    ])
  })

  it("have a value of their own, a label, and no parent that there is not", async () => {
    const path = "/admin/return-reasons"
    const raced = await Promise.all([1, 2, 3].map(() => office.post(path, { value: "late", label: "Too late" })))
    const unlabelled = await office.post(path, { value: "x" })
    const orphan = await office.post(path, { value: "y", label: "Y", parent_return_reason_id: "rr_0" })
    const won = raced.find(({ status }) => status === 200)!
    const { id } = won.body["return_reason"] as { id: string }
    const headers = { "if-match": won.headers.get("etag") as string }
    const changed = await Promise.all(["A", "B"].map((label) => office.post(`${path}/${id}`, { label }, { headers })))

    expect(statusesOf(raced)).toEqual([200, 422, 422])
    expect([unlabelled.status, orphan.status]).toEqual([400, 404])
    expect(statusesOf(changed)).toEqual([200, 412])
  })
})

describe("refund reasons", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { refund_reason: made } = await sdk.admin.refundReason.create({
      label: "Arrived late",
      code: "late",
    } as never)
    const { refund_reason: changed } = await sdk.admin.refundReason.update(made.id, {
      description: "By a week or more",
    })
    const { refund_reason: read } = await sdk.admin.refundReason.retrieve(made.id)
    const found = await sdk.admin.refundReason.list({ q: "week" })
    const deleted = await sdk.admin.refundReason.delete(made.id)

    expect(made).toMatchObject({ label: "Arrived late", code: "late", description: null, deleted_at: null })
    expect(changed).toEqual({ ...made, description: "By a week or more", updated_at: changed.updated_at })
    expect([read, found.refund_reasons, found.limit]).toEqual([changed, [changed], 15])
    expect(deleted).toEqual({ id: made.id, object: "refund_reason", deleted: true })
    expect(await actionsOn(made.id)).toEqual(["created", "updated", "deleted"])
  })

  it("have a code of their own, which is free once they are deleted", async () => {
    const body = { label: "Broken", code: "broken" }
    const raced = await Promise.all([1, 2, 3].map(() => office.post("/admin/refund-reasons", body)))
    const { id } = raced.find(({ status }) => status === 200)!.body["refund_reason"] as { id: string }
    await office.delete(`/admin/refund-reasons/${id}`)
    const again = await office.post("/admin/refund-reasons", body)
    const unlabelled = await office.post("/admin/refund-reasons", { code: "x" })

    expect(statusesOf(raced)).toEqual([200, 422, 422])
    expect([again.status, unlabelled.status]).toEqual([200, 400])
  })
})
