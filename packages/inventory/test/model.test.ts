import assert from "node:assert"
import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { assertConsistent } from "./consistency.ts"
import { Model, type ModelLine } from "./model.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
let runs = 0

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

const small = fc.integer({ min: 1, max: 4 })
const line = fc.constantFrom("l0", "l1", "l2")
const what = fc.constantFrom("board", "screw", "shelf", "pair")
const place = fc.constantFrom("a", "b")
const act = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant("reserve" as const),
      lines: fc.array(fc.record({ line, what, quantity: small, allowBackorder: fc.boolean() }), {
        minLength: 1,
        maxLength: 3,
      }),
      locations: fc.constantFrom(["a", "b"], ["b", "a"], ["a"], ["b"]),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("release" as const), line }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("fulfil" as const), line, quantity: small }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("restock" as const), line, quantity: small }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant("adjust" as const),
      item: fc.integer({ min: 0, max: 1 }),
      place,
      by: fc.integer({ min: -6, max: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("set" as const),
      item: fc.integer({ min: 0, max: 1 }),
      place,
      to: fc.integer({ min: 0, max: 15 }),
    }),
  },
)
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never

/** A shop and its model, side by side. */
class Walk {
  readonly model = new Model()
  readonly name = `run${++runs}`
  readonly items: string[] = []
  /** How often something was done, and how often refused. */
  readonly done = { yes: 0, no: 0 }

  async start(): Promise<void> {
    for (const stock of [
      { a: 8, b: 3 },
      { a: 10, b: 12 },
    ]) {
      const item = await shop.stocked(stock)
      this.items.push(item)
      for (const [location, stocked] of Object.entries(stock)) this.model.level(item, location).stocked = stocked
    }
    await shop.variantItems.setForVariants(
      ["shelf", "pair"].map((variant) => ({
        variantId: this.#variant(variant),
        items: this.#parts(variant).map(({ item, required }) => ({
          inventoryItemId: item,
          requiredQuantity: required,
        })),
      })),
    )
  }

  #variant = (name: string) => `${this.name}_${name}`
  #line = (name: string) => `${this.name}_${name}`

  #parts(name: string) {
    const [board, screw] = this.items as [string, string]
    const parts = {
      board: [{ item: board, required: 1 }],
      screw: [{ item: screw, required: 1 }],
      shelf: [
        { item: board, required: 1 },
        { item: screw, required: 3 },
      ],
      pair: [{ item: board, required: 2 }],
    }
    return parts[name as keyof typeof parts]
  }

  async take(step: Act): Promise<void> {
    const expected = await this.#expect(step)
    this.done[expected ? "yes" : "no"]++
    await this.compare()
  }

  async #expect(step: Act): Promise<boolean> {
    const { model } = this
    if (step.act === "reserve") return this.#reserve(step)
    if (step.act === "release") {
      model.release(this.#line(step.line))
      await shop.reservations.release({ lineItemIds: [this.#line(step.line)] })
      return true
    }
    if (step.act === "fulfil" || step.act === "restock") {
      const lineItemId = this.#line(step.line)
      const fits = model[step.act](lineItemId, step.quantity)
      return agree(fits, shop.reservations[step.act]([{ lineItemId, quantity: step.quantity }]))
    }
    const inventoryItemId = this.items[step.item] as string
    const key = { inventoryItemId, locationId: step.place }
    if (step.act === "set") {
      const fits = model.stock(inventoryItemId, step.place, step.to)
      return agree(fits, shop.levels.setMany([{ ...key, stockedQuantity: step.to }]))
    }
    const wanted = model.level(inventoryItemId, step.place).stocked + step.by
    const fits = model.stock(inventoryItemId, step.place, wanted)
    return agree(fits, shop.levels.adjust([{ ...key, adjustment: step.by }]))
  }

  async #reserve(step: Act & { act: "reserve" }): Promise<boolean> {
    const lines: ModelLine[] = step.lines.map((wish) => ({
      lineItemId: this.#line(wish.line),
      parts: this.#parts(wish.what),
      quantity: wish.quantity,
      allowBackorder: wish.allowBackorder,
    }))
    const plan = this.model.plan(lines, step.locations)
    const asked = step.lines.map((wish) => {
      const isKit = wish.what === "shelf" || wish.what === "pair"
      const [part] = this.#parts(wish.what)
      return {
        lineItemId: this.#line(wish.line),
        ...(isKit ? { variantId: this.#variant(wish.what) } : { inventoryItemId: (part as { item: string }).item }),
        quantity: wish.quantity,
        allowBackorder: wish.allowBackorder,
      }
    })
    const reserving = shop.reservations.reserve({ lines: asked, locationIds: [...step.locations] })
    if (plan === null) return agree(false, reserving)
    const made = await reserving
    const rows = plan.map((row) => ({ row, text: textOf(row.lineItemId, row.item, row.location, row.quantity) }))
    assert.deepStrictEqual(
      made.map((one) => textOf(one.lineItemId, one.inventoryItemId, one.locationId, one.quantity)).sort(),
      rows.map(({ text }) => text).sort(),
    )
    for (const one of made) {
      const text = textOf(one.lineItemId, one.inventoryItemId, one.locationId, one.quantity)
      const [match] = rows.splice(
        rows.findIndex((candidate) => candidate.text === text),
        1,
      )
      this.model.keep(one.id, { ...(match as (typeof rows)[number]).row, required: await requiredOf(one.id) })
    }
    return true
  }

  async compare(): Promise<void> {
    for (const item of this.items) {
      const levels = await shop.levelsOf(item)
      const wanted = ["a", "b"].map((location) => {
        const { stocked, reserved } = this.model.level(item, location)
        return [location, [stocked, reserved, Math.max(reserved - stocked, 0)]]
      })
      assert.deepStrictEqual(levels, Object.fromEntries(wanted))
    }
  }
}

const textOf = (...parts: unknown[]) => parts.join(" ")

/** Two rows of one call can look alike but for this. */
const requiredOf = async (id: string) => (await shop.reservations.get(id)).requiredQuantity

/** Whether it was done, as expected. */
async function agree(expected: boolean, doing: Promise<unknown>): Promise<boolean> {
  const refusal = await doing.then(
    () => null,
    (error: unknown) => (error as { code: string }).code,
  )
  assert.match(refusal ?? "done", expected ? /^done$/ : /^inventory\./)
  return expected
}

it("levels are what the model says, after whatever was done, and hold what their reservations do", async () => {
  const done = { yes: 0, no: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), async (steps) => {
      const walk = new Walk()
      await walk.start()
      for (const step of steps) await walk.take(step)
      done.yes += walk.done.yes
      done.no += walk.done.no
    }),
    { numRuns: 100 },
  )

  await assertConsistent(shop.database)
  // A walk on which everything is refused would prove nothing.
  expect(Math.min(done.yes, done.no)).toBeGreaterThan(50)
}, 180_000)
