import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { RefundReasonCodeTaken, startPayment } from "../index.ts"
import { aRefundReason } from "../testing.ts"

type Payments = Awaited<ReturnType<typeof startPayment>>

describe("refund reasons", () => {
  let database: TestDatabase
  let alone: Payments
  let reasons: Payments["refundReasons"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startPayment({ database: database.url, events: { relay: false } })
    await alone.migrate()
    reasons = alone.refundReasons
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keep what they are made with, and change what is named", async () => {
    const made = await reasons.create({ label: " Too late ", code: "late", metadata: { fee: 1 } })

    const updated = await reasons.update(made.id, { description: "After the promised day" })

    expect(made).toMatchObject({ label: "Too late", code: "late", description: null, metadata: { fee: 1 } })
    expect(made.id).toMatch(/^refr_/)
    expect(updated).toMatchObject({ label: "Too late", description: "After the promised day", metadata: { fee: 1 } })
    expect((await reasons.list({ q: "promis" })).rows.map(({ id }) => id)).toEqual([made.id])
  })

  it("are made in one statement, whatever their number", async () => {
    const many = Array.from({ length: 200 }, () => aRefundReason())

    const statements = await statementsOf(alone.database, () => reasons.createMany(many))

    expect(statements).toHaveLength(1)
  })

  it("have codes of their own, which are free again once they are deleted", async () => {
    const first = await reasons.create({ label: "Wrong size", code: "size" })
    const other = await reasons.create({ label: "Other" })

    await expect(reasons.create({ label: "Size", code: "size" })).rejects.toThrow(RefundReasonCodeTaken)
    await expect(reasons.update(other.id, { code: "size" })).rejects.toThrow(RefundReasonCodeTaken)
    await reasons.delete(first.id)
    await expect(reasons.get(first.id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect((await reasons.update(other.id, { code: "size" })).code).toBe("size")
  })

  it.each([
    ["no label", { label: " " }],
    ["an unknown field", { label: "x", colour: "red" }],
    ["a code of 201 characters", { label: "x", code: "x".repeat(201) }],
  ])("refuse %s", async (_, input) => {
    await expect(reasons.create(input)).rejects.toMatchObject({ code: "input.invalid" })
  })
})
