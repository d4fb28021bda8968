export { cartModule, startCart } from "./cart.module.ts"
export {
  addCreditLine,
  addLine,
  addShippingMethod,
  changeLine,
  lineOf,
  setAddress,
  setLineAdjustments,
  setLineTaxLines,
  setShippingAdjustments,
  setShippingTaxLines,
  type CartAddressView,
  type CartLineView,
  type CartShippingMethodView,
  type CartView,
} from "./cart/cart-draft.ts"
export { settleTotals } from "./cart/cart-totals.ts"
export { CartAlreadyCompleted, CartTotalTooLarge, QuantityTooLarge, TooManyLines } from "./cart/cart.errors.ts"
export { CartCompleted, CartCreated, CartDeleted, CartUpdated } from "./cart/cart.events.ts"
export {
  cartAddressResource,
  cartCreditLineResource,
  cartLineAdjustmentResource,
  cartLineItemResource,
  cartLineTaxLineResource,
  cartResource,
  cartShippingAdjustmentResource,
  cartShippingMethodResource,
  cartShippingTaxLineResource,
} from "./cart/cart.resources.ts"
export {
  CartAddressInput,
  CartAdjustmentInput,
  CartTaxLineInput,
  CreateCart,
  MAX_LINES,
  MAX_QUANTITY,
  NewCartCreditLine,
  NewCartLineItem,
  NewCartShippingMethod,
  UpdateCart,
  UpdateCartLineItem,
} from "./cart/cart.schema.ts"
export { CartService, writeOver, type CartChange } from "./cart/cart.service.ts"
