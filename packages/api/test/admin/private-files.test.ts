import { NotificationService } from "@marquetry/notification"
import { OrderService } from "@marquetry/order"
import { anOrder } from "@marquetry/order/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Json } from "./back-office.ts"
import { ended, reached, type Operation } from "./operations.ts"

const EMAIL = "ada@shop.example"

let office: BackOffice
/** An export of orders. */
let operation: Operation
let path: string
beforeAll(async () => {
  office = await openBackOffice()
  await office.container.resolve(OrderService).create(anOrder({ email: EMAIL }))
  const { body } = await office.post("/admin/orders/export")
  operation = await ended(office, body["transaction_id"])
  path = `/admin/uploads/${operation.file?.id}`
})
afterAll(() => office.drop())

let count = 0
const someone = (...permissions: string[]) => office.colleague(`someone-${(count += 1)}@shop.example`, permissions)
const refused = { status: 403, body: { type: "forbidden", code: "file.not_readable" } }

const upload = async (url: string, field: string, content: string, token: string) => {
  const form = new FormData()
  form.append(field, new File([content], "table.csv", { type: "text/csv" }))
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${office.address}${url}`, { method: "POST", headers, body: form })
  return { status: answer.status, body: (await answer.json()) as Json & { files: { id: string; url: string }[] } }
}

describe("a file of orders", () => {
  it.each([["order:read"], ["order:*"], ["*:read"], ["order:export"]])(
    "is read by those who may have files and %s",
    async (permission) => {
      const token = await someone("file:read", permission)

      const { body } = await office.get(path, { token })
      const fetched = await fetch(reached(office, (body["file"] as { url: string }).url))

      expect(await fetched.text()).toContain(EMAIL)
    },
  )

  it.each([["file:*"], ["product:read"], ["order:update"]])(
    "is not read by those who may do %s",
    async (permission) => {
      const token = await someone("file:read", permission)

      const answers = [await office.get(path, { token }), await office.get(`${path}?fields=filename`, { token })]

      expect(answers).toMatchObject([refused, refused])
    },
  )

  it("is not confirmed to get at its address, nor imported as products", async () => {
    const token = await someone("file:create", "file:read", "product:import")
    const { body } = await office.get(`${path}?fields=key`)
    const { key } = body["file"] as { key: string }

    const answers = [
      await office.post("/admin/uploads/confirm", { file_key: key }, { token }),
      await office.post("/admin/products/imports", { file_key: operation.file?.id }, { token }),
      await office.post("/admin/products/imports", { file_key: key }, { token }),
    ]

    expect(answers).toMatchObject([refused, refused, refused])
    expect((await office.get(path)).status).toBe(200)
  })

  it("is not told of by lists to those who may not read it", async () => {
    const { id } = await office.container.resolve(NotificationService).create({
      to: office.userId,
      channel: "email",
      template: "admin-ui",
      data: { title: "Order export", file: { id: operation.file?.id, filename: "a.csv", url: operation.file?.url } },
    })
    const clerk = await someone("notification:read", "bulk_operation:read", "product:read", "file:read")
    const reader = await someone("notification:read", "bulk_operation:read", "order:read")
    const urlsFor = async (token: string) => {
      const { body, text } = await office.get("/admin/notifications", { token })
      const one = await office.get(`/admin/notifications/${id}`, { token })
      const operations = await office.get("/admin/bulk-operations", { token })
      const [notification] = body["notifications"] as { data: { file: { url: string | null } } }[]
      return { url: notification?.data.file.url, all: [text, one.text, operations.text].join("\n") }
    }

    const hidden = await urlsFor(clerk)
    const shown = await urlsFor(reader)

    expect(hidden.url).toBeNull()
    expect(hidden.all).not.toContain("signature=")
    expect(await (await fetch(reached(office, shown.url as string))).text()).toContain(EMAIL)
    expect(shown.all.match(/signature=/g)).toHaveLength(3)
  })
})

describe("other private files", () => {
  it("of products are read by those who may read or import products", async () => {
    const importer = await someone("product:import")
    const csv = "Product Handle,Product Title,Variant Price EUR\nvase,Vase,19.99\n"
    const { body } = await upload("/admin/products/import", "file", csv, importer)
    const [made] = await office.composition.database.sql<{ id: string }>(
      `select file_id_in as id from "bulk"."bulk_operation" where id = $1`,
      [body["transaction_id"]],
    )
    const read = async (...permissions: string[]) =>
      office.get(`/admin/uploads/${made?.id}`, { token: await someone("file:read", ...permissions) })

    const answers = await Promise.all([read("product:read"), read("product:import"), read("order:read")])

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 403])
  })

  it("of nobody knows what are read by those who may read files, and imported by those and whoever sent them", async () => {
    const sender = await someone("file:create", "product:import")
    const other = await someone("product:import")
    const csv = "Product Handle,Product Title,Variant Price EUR\njug,Jug,19.99\n"
    const { body } = await upload("/admin/uploads?access=private", "files", csv, sender)
    const [file] = body.files
    const importBy = (token: string) => office.post("/admin/products/imports", { file_key: file?.id }, { token })

    const reading = await office.get(`/admin/uploads/${file?.id}`, { token: await someone("file:read") })
    const refusal = await importBy(other)
    const taken = await importBy(sender)
    const restricted = await office.get(`/admin/uploads/${file?.id}`, { token: await someone("file:read") })

    expect(file?.url).toContain("signature=")
    expect([reading.status, taken.status]).toEqual([200, 202])
    expect([refusal, restricted]).toMatchObject([refused, refused])
  })
})
