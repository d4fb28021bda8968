import { describe, expect, it } from "vitest"
import { refundableOf } from "./refundable-total.ts"

describe("what may be given back for a line", () => {
  it.each([
    [3, "29.99", 0, 0, "29.99", "10"],
    [3, "29.99", 1, 0, "19.99", "10"],
    [3, "29.99", 1, 1, "10", "10"],
    [3, "29.99", 2, 1, "0", "0"],
    [1, "0", 0, 0, "0", "0"],
  ])(
    "of %i pieces for %s, %i on their way back and %i there: %s, %s each",
    (quantity, total, asked, back, all, each) => {
      const detail = { returnRequestedQuantity: asked, returnReceivedQuantity: back, returnDismissedQuantity: 0 }

      const { total: refundable, perUnit } = refundableOf({ quantity, total, order: { currencyCode: "eur" }, detail })

      expect([refundable.toString(), perUnit.toString()]).toEqual([all, each])
    },
  )

  it("is in whole units of the currency", () => {
    const detail = { returnRequestedQuantity: 1, returnReceivedQuantity: 0, returnDismissedQuantity: 0 }

    const { total, perUnit } = refundableOf({ quantity: 3, total: "1000", order: { currencyCode: "jpy" }, detail })

    expect([total.toString(), perUnit.toString()]).toEqual(["667", "334"])
  })
})
