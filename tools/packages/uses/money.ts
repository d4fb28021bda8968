import { allocateAmount, type Amount, currencyOf, sum } from "@marquetry/money"

const parts: Amount[] = allocateAmount("10.00", [1, 1, 1], currencyOf("eur"))
if (parts.join(" ") !== "3.34 3.33 3.33" || !sum(parts).equals(10)) throw new Error(parts.join(" "))
console.log("ok")
