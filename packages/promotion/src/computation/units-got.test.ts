import fc from "fast-check"
import { expect, it } from "vitest"
import { aCandidate, aCart, anItem, isProduct } from "../../test/carts.ts"
import { byUnitPrice, linesOf, ONE, type Line } from "./line.ts"
import { unitsGot } from "./units-got.ts"

/** The same unit by unit, as a cashier would do it. */
function atTheTill(
  lines: readonly Line[],
  buys: readonly string[],
  gets: readonly string[],
  n: number,
  m: number,
  max: number | null,
) {
  const isTarget = (line: Line) => line.isDiscountable && gets.includes(line.id)
  const units = lines.flatMap((line) =>
    Array.from({ length: Number(line.quantity / ONE) }, () => ({ line, free: true })),
  )
  const toGet = units.filter(({ line }) => isTarget(line)).sort((a, b) => byUnitPrice(a.line, b.line))
  const toBuy = units
    .filter(({ line }) => buys.includes(line.id))
    .sort((a, b) => Number(isTarget(a.line)) - Number(isTarget(b.line)) || byUnitPrice(b.line, a.line))
  const got: Record<string, number> = {}
  let open = max ?? Infinity
  while (open > 0) {
    const bought = toBuy.filter(({ free }) => free).slice(0, n)
    if (bought.length < n) break
    for (const unit of bought) unit.free = false
    const taken = toGet.filter(({ free }) => free).slice(0, Math.min(m, open))
    if (taken.length === 0) break
    for (const unit of taken) {
      unit.free = false
      got[unit.line.id] = (got[unit.line.id] ?? 0) + 1
      open -= 1
    }
  }
  return got
}

it("gives in a few steps what going through the units one by one gives", () => {
  const ids = ["a", "b", "c", "d"]
  const items = fc
    .array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 15 }),
        price: fc.integer({ min: 1, max: 4 }),
        isDiscountable: fc.boolean(),
      }),
      {
        maxLength: 4,
      },
    )
    .map((rows) =>
      rows.map(({ quantity, price, isDiscountable }, index) =>
        anItem(ids[index] as string, quantity, quantity * price, { isDiscountable }),
      ),
    )
  const some = fc.subarray(ids, { minLength: 1 })
  const count = fc.integer({ min: 1, max: 4 })
  fc.assert(
    fc.property(
      items,
      some,
      some,
      count,
      count,
      fc.option(fc.integer({ min: 1, max: 9 })),
      (items, buys, gets, n, m, max) => {
        const { items: lines } = linesOf(aCart(items))
        const { method } = aCandidate({
          buyRules: [isProduct(...buys)],
          targetRules: [isProduct(...gets)],
          buyRulesMinQuantity: n,
          applyToQuantity: m,
          maxQuantity: max,
        })

        const got = [...(unitsGot(method, lines) ?? [])].map(([line, units]) => [line.id, Number(units / ONE)])

        expect(Object.fromEntries(got)).toEqual(atTheTill(lines, buys, gets, n, m, max))
      },
    ),
    { numRuns: 2_000 },
  )
})
