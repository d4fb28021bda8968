import type { InputIssue } from "@marquetry/kernel"
import { Amount, findCurrency } from "@marquetry/money"
import type { Allocation, MethodType, PromotionType, TargetType } from "./promotion.types.ts"

/** What of a promotion must fit together. */
export interface PromotionShape {
  readonly type: PromotionType
  readonly applicationMethod: {
    readonly type: MethodType
    readonly targetType: TargetType
    /** Left out, it is chosen where there is only one that makes sense: see {@link allocationOf}. */
    readonly allocation?: Allocation | undefined
    readonly value: string
    readonly currencyCode: string | null
    readonly applyToQuantity: number | null
    readonly buyRulesMinQuantity: number | null
    readonly targetRules: readonly unknown[]
    readonly buyRules: readonly unknown[]
  }
}

/** Everything in which the parts of a promotion contradict each other; none when it can be kept. */
export function faultsOf({ type, applicationMethod: method }: PromotionShape): InputIssue[] {
  const faults: InputIssue[] = []
  const expect = (field: keyof PromotionShape["applicationMethod"], holds: boolean, message: string) => {
    if (!holds) faults.push({ path: ["applicationMethod", field], message })
  }
  if (method.type === "percentage") expect("value", !Amount.of(method.value).greaterThan(100), "from 0 to 100 per cent")
  else {
    expect("currencyCode", method.currencyCode !== null, "needed by a fixed amount")
    expect("value", isPayable(method.value, method.currencyCode), "whole minor units of the currency")
  }
  if (type === "buyget") {
    expect("targetType", method.targetType === "items", "items, for buyget")
    expect("buyRulesMinQuantity", method.buyRulesMinQuantity !== null, "needed by buyget")
    expect("applyToQuantity", method.applyToQuantity !== null, "needed by buyget")
    expect("buyRules", method.buyRules.length > 0, "at least one, for buyget")
    expect("targetRules", method.targetRules.length > 0, "at least one, for buyget")
    return faults
  }
  expect("buyRules", method.buyRules.length === 0, "only of buyget")
  expect("buyRulesMinQuantity", method.buyRulesMinQuantity === null, "only of buyget")
  expect("applyToQuantity", method.applyToQuantity === null, "only of buyget")
  if (method.targetType === "order") {
    expect("allocation", (method.allocation ?? "across") === "across", "across, for the whole order")
    expect("targetRules", method.targetRules.length === 0, "none, for the whole order")
  } else expect("allocation", method.allocation !== undefined, `needed by ${method.targetType}`)
  return faults
}

/** How an amount falls on lines, where the caller did not say: an order's across, units got each. */
export const allocationOf = ({ type, applicationMethod }: PromotionShape): Allocation =>
  applicationMethod.allocation ?? (type === "buyget" ? "each" : "across")

/** A currency that there is not is somebody else's fault to find. */
function isPayable(value: string, currencyCode: string | null): boolean {
  const currency = currencyCode === null ? null : findCurrency(currencyCode)
  return currency === null || Amount.of(value).isWhole(currency)
}
