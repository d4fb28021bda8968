import { Amount, computeTotals, currencyOf, sum, type TotalsLine } from "@marquetry/money"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { expectSettled, openCarts, type Carts } from "../../test/carts.ts"
import type { CartView, NewCartShippingMethod } from "../index.ts"
import { aCart } from "../testing.ts"

interface Line {
  title: string
  quantity: number
  isTaxInclusive: boolean
  isCustomPrice: boolean
  variantId: string | null
  unitPrice: string
  metadata: Record<string, number> | null
  adjustments: { promotionId: string | null; amount: string; isTaxInclusive: boolean }[]
  taxLines: { taxRateId: string | null; rate: string }[]
}
type Method = Pick<Line, "adjustments" | "taxLines" | "isTaxInclusive"> & { name: string; amount: string }
type Step =
  | { kind: "add"; lines: Line[] }
  | { kind: "update"; at: number; changes: Partial<Line> }
  | { kind: "remove"; at: number }
  | { kind: "ship"; methods: Method[] }
  | { kind: "credit"; amount: string }

/** What a cart should be, without a database: lists, in the order in which things were added. */
class Model {
  lines: Line[] = []
  methods: Method[] = []
  credits: string[] = []

  take(step: Step): void {
    if (step.kind === "add") for (const line of step.lines) this.add(line)
    if (step.kind === "ship") this.methods = step.methods
    if (step.kind === "credit") this.credits.push(step.amount)
    if (this.lines.length === 0) return
    if (step.kind === "remove") this.lines.splice(step.at % this.lines.length, 1)
    if (step.kind === "update") Object.assign(this.lines[step.at % this.lines.length] as Line, step.changes)
  }

  add(line: Line): void {
    const key = ({ metadata }: Line) => text(metadata ?? {})
    const twin = this.lines.find(
      (one) =>
        one.variantId !== null && one.variantId === line.variantId && !one.isCustomPrice && key(one) === key(line),
    )
    if (twin === undefined || line.isCustomPrice) this.lines.push({ ...line })
    else twin.quantity += line.quantity
  }

  totals(currencyCode: string) {
    const shippingMethods = this.methods.map((one): TotalsLine => ({ ...one, unitPrice: one.amount, quantity: 1 }))
    const creditLines = this.credits.map((amount) => ({ amount }))
    return computeTotals({ items: this.lines, shippingMethods, creditLines }, currencyOf(currencyCode)).totals
  }
}

const decimal = fc.tuple(fc.nat(5_000), fc.constantFrom(1, 10, 100, 1_000)).map(([n, by]) => Amount.of(n).dividedBy(by))
const amount = decimal.map(String)
const adjustments = fc.array(
  fc.record({ promotionId: fc.constantFrom(null, "p1", "p2"), amount, isTaxInclusive: fc.boolean() }),
  { maxLength: 3 },
)
const taxLines = fc.array(
  fc.record({ taxRateId: fc.constantFrom(null, "t1", "t2"), rate: fc.constantFrom("0", "5", "7", "8.875", "19") }),
  { maxLength: 3 },
)
const parts = { adjustments, taxLines, isTaxInclusive: fc.boolean() }
const line: fc.Arbitrary<Line> = fc.record({
  title: fc.constantFrom("Shirt", "Hat"),
  quantity: fc.integer({ min: 1, max: 9 }),
  variantId: fc.constantFrom(null, "v1", "v2", "v3"),
  isCustomPrice: fc.nat(4).map((n) => n === 0),
  metadata: fc.constantFrom(null, null, {}, { a: 1, b: 2 }, { b: 2, a: 1 }),
  unitPrice: amount,
  ...parts,
})
const method: fc.Arbitrary<Method> = fc.record({ name: fc.constantFrom("Post", "Van"), amount, ...parts })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("add"), lines: fc.array(line, { maxLength: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("update"),
      at: fc.nat(9),
      changes: line.chain((whole) =>
        fc.subarray(Object.keys(whole) as (keyof Line)[]).map((keys) => only(whole, keys)),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove"), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("ship"), methods: fc.array(method, { maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("credit"), amount }) },
)
const only = (whole: Line, keys: (keyof Line)[]): Partial<Line> =>
  Object.fromEntries(keys.map((key) => [key, whole[key]]))

describe("a cart, after any changes", () => {
  let open: Carts
  beforeAll(async () => {
    open = await openCarts()
  })
  afterAll(() => open.close())

  async function take(cart: CartView, step: Step): Promise<CartView> {
    const { carts } = open
    if (step.kind === "add") return carts.addItems(cart.id, step.lines)
    if (step.kind === "ship") return carts.setShippingMethods(cart.id, step.methods satisfies NewCartShippingMethod[])
    if (step.kind === "credit") return carts.addCreditLine(cart.id, { amount: step.amount })
    const item = cart.items[step.at % Math.max(1, cart.items.length)]
    if (item === undefined) return cart
    return step.kind === "remove"
      ? carts.removeItem(cart.id, item.id)
      : carts.updateItem(cart.id, item.id, step.changes)
  }

  it("is what a plain list would be, and adds up", { timeout: 120_000 }, async () => {
    const run = fc.asyncProperty(
      fc.constantFrom("jpy", "eur", "kwd"),
      fc.array(line, { maxLength: 3 }),
      fc.array(step, { minLength: 1, maxLength: 10 }),
      async (currencyCode, items, steps) => {
        const model = new Model()
        model.take({ kind: "add", lines: items })
        let cart = await open.carts.create(aCart({ currencyCode, items }))
        for (const one of steps) {
          cart = await take(cart, one)
          model.take(one)
        }

        const stored = await open.carts.get(cart.id)
        expect(stored.items.map(plain)).toEqual(model.lines.map(sorted))
        expect(stored.shippingMethods.map(({ amount }) => amount)).toEqual(model.methods.map(({ amount }) => amount))
        expect(stored).toMatchObject(model.totals(currencyCode))
        expectSettled(stored)
        expectAddsUp(stored)
      },
    )
    await fc.assert(run, { numRuns: 80 })
  })
})

/** A line as it is stored, as the model knows it: discounts and taxes keep their rows, so that their order may differ. */
function plain(item: CartView["items"][number]): Line {
  const { title, quantity, variantId, unitPrice, isTaxInclusive, isCustomPrice } = item
  return sorted({
    title,
    quantity,
    variantId,
    unitPrice,
    isTaxInclusive,
    isCustomPrice,
    metadata: item.metadata as Line["metadata"],
    adjustments: item.adjustments.map(({ promotionId, amount, isTaxInclusive }) => ({
      promotionId,
      amount,
      isTaxInclusive,
    })),
    taxLines: item.taxLines.map(({ taxRateId, rate }) => ({ taxRateId, rate })),
  })
}

const sorted = (line: Line): Line => ({
  ...line,
  adjustments: line.adjustments.toSorted((one, other) => text(one).localeCompare(text(other))),
  taxLines: line.taxLines.toSorted((one, other) => text(one).localeCompare(text(other))),
})
const text = (value: object) =>
  JSON.stringify(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))

function expectAddsUp(cart: CartView): void {
  const lines = [...cart.items, ...cart.shippingMethods]
  const of = (name: "total" | "taxTotal" | "discountTotal" | "originalTotal") => sum(lines.map((one) => one[name]))
  expect(of("total").minus(cart.creditLineTotal).toString()).toBe(cart.total)
  expect(of("taxTotal").toString()).toBe(cart.taxTotal)
  expect(of("originalTotal").minus(of("discountTotal")).toString()).toBe(of("total").toString())
  expect(sum([cart.itemTotal, cart.shippingTotal]).minus(cart.creditLineTotal).toString()).toBe(cart.total)
  expect(Amount.of(cart.subtotal).minus(cart.discountSubtotal).plus(cart.taxTotal).toString()).toBe(
    of("total").toString(),
  )
  for (const { adjustments, taxLines, discountTotal, taxTotal } of lines) {
    // A line without discounts or taxes has none in its totals either.
    expect(sum(adjustments.map(({ total }) => total)).toString()).toBe(discountTotal)
    expect(sum(taxLines.map(({ total }) => total)).toString()).toBe(taxTotal)
  }
}
