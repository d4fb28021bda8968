import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openOrders, type Alone } from "../../test/orders.ts"
import { ReturnReasonTaken } from "../index.ts"

describe("return reasons", () => {
  let alone: Alone
  let returnReasons: Alone["returnReasons"]

  beforeAll(async () => {
    alone = await openOrders()
    returnReasons = alone.returnReasons
  })

  beforeEach(() => alone.database.run(`delete from "order"."return_reason"`))

  afterAll(() => alone.close())

  const aReason = (value: string) => ({ value, label: value.toUpperCase() })

  it("have closer ones below them", async () => {
    const parent = await returnReasons.create({ value: "size", label: "Wrong size", metadata: { rank: 1 } })

    const child = await returnReasons.create({ ...aReason("small"), parentReturnReasonId: parent.id })

    expect(parent).toMatchObject({ value: "size", label: "Wrong size", description: null, parentReturnReason: null })
    expect(parent.id).toMatch(/^rr_[0-9A-Z]{26}$/)
    expect(child.parentReturnReason).toMatchObject({ id: parent.id, value: "size" })
    const { returnReasonChildren } = await returnReasons.get(parent.id)
    expect(returnReasonChildren.map(({ id }) => id)).toEqual([child.id])
  })

  it("are made in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 100 }, (_, index) => aReason(`reason_${index}`))
    let made: string[] = []

    const statements = await statementsOf(alone.database, async () => {
      const rows = await returnReasons.createMany(inputs)
      made = rows.map(({ value }) => value)
    })

    expect(made).toEqual(inputs.map(({ value }) => value))
    expect(statements).toHaveLength(3)
    expect(await returnReasons.createMany([])).toEqual([])
  })

  it("change, and keep what is not named", async () => {
    const { id } = await returnReasons.create({ ...aReason("old"), description: "Main" })

    const updated = await returnReasons.update(id, { label: "New" })

    expect(updated).toMatchObject({ value: "old", label: "New", description: "Main" })
  })

  it("have a value each, also when many want it at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => returnReasons.create(aReason("wanted"))))

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof ReturnReasonTaken)).toBe(true)
    const { id } = await returnReasons.create(aReason("other"))
    await expect(returnReasons.update(id, { value: "wanted" })).rejects.toMatchObject({
      code: "order.return_reason_taken",
      details: { values: ["wanted"] },
    })
  })

  it("are hidden when deleted: those below stand by themselves, and the value is free", async () => {
    const { id } = await returnReasons.create(aReason("size"))
    const child = await returnReasons.create({ ...aReason("small"), parentReturnReasonId: id })

    await returnReasons.delete(id)

    await expect(returnReasons.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(returnReasons.delete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(returnReasons.update(id, { label: "x" })).rejects.toMatchObject({ code: "resource.not_found" })
    expect(await returnReasons.get(child.id)).toMatchObject({ parentReturnReasonId: null })
    const orphan = returnReasons.create({ ...aReason("large"), parentReturnReasonId: id })
    await expect(orphan).rejects.toMatchObject({ details: { id } })
    expect((await returnReasons.create(aReason("size"))).id).not.toBe(id)
  })

  it("never hang below one that is deleted at the same time", async () => {
    for (const value of ["a", "b", "c", "d"]) {
      const { id } = await returnReasons.create(aReason(value))
      await Promise.allSettled([
        returnReasons.create({ ...aReason(`${value}-below`), parentReturnReasonId: id }),
        returnReasons.delete(id),
      ])
    }

    const { rows } = await returnReasons.list()

    expect(rows.every(({ parentReturnReasonId }) => parentReturnReasonId === null)).toBe(true)
  })

  it("are found by words, and tell what happened", async () => {
    const { id } = await returnReasons.create({ value: "damaged", label: "Broken on arrival" })
    await returnReasons.create(aReason("other"))
    await returnReasons.update(id, { description: "Seen at once" })
    await returnReasons.delete((await returnReasons.list({ q: "arriv" })).rows[0]?.id ?? "")

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent).toEqual([
      { name: "return-reason.created" },
      { name: "return-reason.updated" },
      { name: "return-reason.deleted" },
    ])
  })
})
