export { BuyerRegion, type Buyer, type PriceRegion } from "./buyer-region.ts"
export { calculatedPrice, RegionRequired } from "./calculated-price.ts"
export {
  ChannelNotOffered,
  CountryOutsideRegion,
  CurrencyDiffers,
  InsufficientStock,
  NoRegion,
  PriceMissing,
  RegionUnknown,
  ShippingOptionsNotOffered,
  VariantsNotOffered,
} from "./cart/cart-flow.errors.ts"
export { AddItem, ChangeCart, ChangeItem, ChooseShipping, NewCart } from "./cart/cart-flow.schema.ts"
export { CartFlow } from "./cart/cart-flow.ts"
export type { PricedOption } from "./cart/cart-shipping.ts"
export { AskTaxesFirst } from "./cart/tax-answers.ts"
export { RuleAttributeUnknown } from "./catalogue/catalogue.errors.ts"
export {
  CreateProductInput,
  CreateVariantInput,
  UpdateProductInput,
  UpdateProductInputById,
  UpdateVariantInput,
  UpdateVariantInputById,
} from "./catalogue/catalogue.schema.ts"
export { PriceListFlow, type ListPriceBatch } from "./catalogue/price-list-flow.ts"
export {
  CreatePriceListInput,
  CreateVariantListPrice,
  UpdatePriceListInput,
  UpdateVariantListPrice,
} from "./catalogue/price-list.schema.ts"
export { ProductFlow, type BatchResult, type ProductBatch } from "./catalogue/product-flow.ts"
export {
  PromotionRuleOptions,
  promotionRuleTypes,
  type PromotionKind,
  type PromotionRuleType,
  type RuleAttributeOption,
  type RuleOperatorOption,
  type RuleValueOption,
  type RuleValueRead,
} from "./catalogue/promotion-rule-options.ts"
export { VariantFlow, type Assigned, type VariantBatch } from "./catalogue/variant-flow.ts"
export { VariantItemBatch, VariantItemFlow } from "./catalogue/variant-item-flow.ts"
export { variantPartsOf, variantPricesOf } from "./catalogue/register-catalogue.ts"
export type { VariantParts } from "./catalogue/variant-parts.ts"
export { VariantPrices } from "./catalogue/variant-prices.ts"
export { CheckoutFlow, type CheckoutResult } from "./checkout/checkout-flow.ts"
export { CheckoutRecovery, type RecoveredCheckouts } from "./checkout/checkout-recovery.ts"
export {
  AddressMissing,
  CartEmpty,
  CheckoutUnderWay,
  EmailMissing,
  PaymentMissing,
  PromotionGone,
  ProviderNotOffered,
  ShippingMissing,
} from "./checkout/checkout.errors.ts"
export { checkoutModule } from "./checkout/checkout.module.ts"
export { completePaidCarts } from "./checkout/paid-carts.ts"
export { PaymentFlow } from "./checkout/payment-flow.ts"
export { commerceFields } from "./commerce-fields.ts"
export { inventoryQuantity, locationIdsOfStorefront, storefrontLocations } from "./inventory-quantity.ts"
export {
  FulfillmentFlow,
  type NewOrderFulfillment,
  type NewPlainFulfillment,
  type NewShipment,
  type Notice,
} from "./order/fulfillment-flow.ts"
export { fulfillmentNotices } from "./order/fulfillment-notices.ts"
export { FulfillmentRecovery, type RecoveredFulfillments } from "./order/fulfillment-recovery.ts"
export { FulfillmentLocationMissing, ShipmentDiffers } from "./order/fulfillment.errors.ts"
export { OrderFlow, type CanceledOrder } from "./order/order-flow.ts"
export { OrderLedger, paymentLedger } from "./order/order-ledger.ts"
export { OrderPaymentFlow, type NewCapture, type NewRefund } from "./order/order-payment-flow.ts"
export { AmountNotOutstanding, NotPaidByHand } from "./order/order-payment.errors.ts"
export { paymentStatus, paymentStatusOf } from "./order/order-status.ts"
export { OrderShipping } from "./order/order-shipping.ts"
export { OrderTransferFlow, type ShopTransferWish, type TransferWish } from "./order/order-transfer-flow.ts"
export { CustomerWithoutAccount } from "./order/order-transfer.errors.ts"
export { registerFlows } from "./flows.ts"
export {
  apiKeySalesChannel,
  cartPaymentCollection,
  cartPromotion,
  catalogueLinks,
  commerceLinks,
  customerAccountHolder,
  locationFulfillmentProvider,
  locationFulfillmentSet,
  orderFulfillment,
  orderPaymentCollection,
  orderPromotion,
  productSalesChannel,
  productShippingProfile,
  regionPaymentProvider,
  salesChannelStockLocation,
  shippingOptionPriceSet,
  variantPriceSet,
} from "./links.ts"
export type { Destination } from "./price-taxes.ts"
export { FulfillmentSetFlow } from "./setup/fulfillment-set-flow.ts"
export { PricePreferenceFlow } from "./setup/price-preference-flow.ts"
export { RegionFlow } from "./setup/region-flow.ts"
export { ReferenceUnknown } from "./references.ts"
export { SalesChannelFlow } from "./setup/sales-channel-flow.ts"
export {
  CreateFulfillmentSetInput,
  CreateRegionInput,
  CreateStockLocationInput,
  CreateTaxRateInput,
  TaxRateRuleInput,
  UpdateRegionInput,
  UpdateStockLocationInput,
  UpdateStoreInput,
  UpdateTaxRateInput,
} from "./setup/setup.schema.ts"
export { ShippingOptionFlow } from "./setup/shipping-option-flow.ts"
export { CreateShippingOptionInput, UpdateShippingOptionInput } from "./setup/shipping-option.schema.ts"
export { ShippingProfileFlow } from "./setup/shipping-profile-flow.ts"
export { StockLocationFlow } from "./setup/stock-location-flow.ts"
export { StoreFlow } from "./setup/store-flow.ts"
export { TaxRateFlow } from "./setup/tax-rate-flow.ts"
export { PublishableKeyInvalid, type Shopper } from "./shopper.ts"
export { Storefronts, type Storefront, type StorefrontKey } from "./storefronts.ts"
