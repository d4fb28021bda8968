import type { CartLineView, CartView } from "@marquetry/cart"
import { Amount, sum } from "@marquetry/money"

/** What a line is worth before discounts, as it is priced. */
export const worthOf = ({ unitPrice, quantity }: CartLineView): Amount => Amount.of(unitPrice).times(quantity)

/** What the lines are worth together: what rules on `item_total` are held against. */
export const itemTotalOf = ({ items }: CartView): string => sum(items.map((item) => worthOf(item))).toString()
