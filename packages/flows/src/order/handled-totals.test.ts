import { describe, expect, it } from "vitest"
import { handledOf } from "./handled-totals.ts"

const counts = {
  fulfilledQuantity: 2,
  shippedQuantity: 1,
  returnRequestedQuantity: 0,
  returnReceivedQuantity: 3,
  returnDismissedQuantity: 0,
  writtenOffQuantity: 0,
}
const line = { quantity: 3, total: "10", detail: counts }

describe("what handled pieces have cost", () => {
  it.each([
    ["some of them", "fulfilledQuantity", "eur", "6.67"],
    ["one of them", "shippedQuantity", "eur", "3.33"],
    ["none of them", "returnRequestedQuantity", "eur", "0"],
    ["all of them", "returnReceivedQuantity", "eur", "10"],
    ["some, in a currency without minor units", "fulfilledQuantity", "jpy", "7"],
  ] as const)("is that of %s", (_, name, currency, amount) => {
    expect(handledOf(line, name, currency).toString()).toBe(amount)
  })

  it("is nothing as long as nothing is counted", () => {
    expect(handledOf({ ...line, detail: null }, "fulfilledQuantity", "eur").toString()).toBe("0")
  })
})
