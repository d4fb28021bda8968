export {
  fulfillmentModule,
  startFulfillment,
  type FulfillmentOptions,
  type FulfillmentServices,
} from "./fulfillment.module.ts"
export { FulfillmentStateRefused, type FulfillmentState } from "./fulfillment/fulfillment.errors.ts"
export {
  FulfillmentCanceled,
  FulfillmentCreated,
  FulfillmentDelivered,
  FulfillmentHandedOver,
  FulfillmentShipped,
} from "./fulfillment/fulfillment.events.ts"
export {
  fulfillmentAddressResource,
  fulfillmentItemResource,
  fulfillmentLabelResource,
  fulfillmentResource,
} from "./fulfillment/fulfillment.resources.ts"
export { CreateFulfillment, ShipFulfillment } from "./fulfillment/fulfillment.schema.ts"
export { FulfillmentService, type FulfillmentView } from "./fulfillment/fulfillment.service.ts"
export type { ListChanges } from "./owned-rows.ts"
export type {
  AcceptedParcel,
  CalculatedShippingPrice,
  FulfillmentProvider,
  Label,
  Parcel,
  ProviderData,
  ProviderService,
} from "./provider/fulfillment-provider.ts"
export { FulfillmentProviders, type ProvidedOption, type ShippingPrice } from "./provider/fulfillment-providers.ts"
export { manualFulfillmentProvider } from "./provider/manual-provider.ts"
export {
  FulfillmentProviderMissing,
  OptionDataRefused,
  PriceNotCalculable,
  UnknownFulfillmentProvider,
} from "./provider/provider.errors.ts"
export { fulfillmentProviderResource } from "./provider/provider.resources.ts"
export { ShippingOptionTypeInUse } from "./shipping-option-type/shipping-option-type.errors.ts"
export {
  ShippingOptionTypeCreated,
  ShippingOptionTypeDeleted,
  ShippingOptionTypeUpdated,
} from "./shipping-option-type/shipping-option-type.events.ts"
export {
  CreateShippingOptionType,
  CreateShippingOptionTypes,
  UpdateShippingOptionType,
} from "./shipping-option-type/shipping-option-type.schema.ts"
export {
  ShippingOptionTypeService,
  type ShippingOptionTypeView,
} from "./shipping-option-type/shipping-option-type.service.ts"
export { EligibleRequest, type EligibleOption } from "./shipping-option/eligible-options.ts"
export {
  areRulesMet,
  isRuleMet,
  type RuleContext,
  type RuleOperator,
  type ShippingRule,
} from "./shipping-option/match-rules.ts"
export {
  ShippingOptionCreated,
  ShippingOptionDeleted,
  ShippingOptionUpdated,
} from "./shipping-option/shipping-option.events.ts"
export {
  shippingOptionResource,
  shippingOptionRuleResource,
  shippingOptionTypeResource,
  shippingProfileResource,
} from "./shipping-option/shipping-option.resources.ts"
export {
  CreateShippingOption,
  CreateShippingOptions,
  ShippingOptionRuleChanges,
  ShippingOptionRuleInput,
  UpdateShippingOption,
} from "./shipping-option/shipping-option.schema.ts"
export {
  ShippingOptionService,
  type CheckedOption,
  type ShippingOptionView,
} from "./shipping-option/shipping-option.service.ts"
export { ShippingProfileInUse, ShippingProfileNameTaken } from "./shipping-profile/shipping-profile.errors.ts"
export {
  ShippingProfileCreated,
  ShippingProfileDeleted,
  ShippingProfileUpdated,
} from "./shipping-profile/shipping-profile.events.ts"
export {
  CreateShippingProfile,
  CreateShippingProfiles,
  UpdateShippingProfile,
} from "./shipping-profile/shipping-profile.schema.ts"
export { ShippingProfileService, type ShippingProfileView } from "./shipping-profile/shipping-profile.service.ts"
export { FulfillmentSetService, type FulfillmentSetView } from "./zone/fulfillment-set.service.ts"
export { PostalExpression, type GeoZoneType } from "./zone/postal-expression.ts"
export { ServiceZoneService, type ServiceZoneView } from "./zone/service-zone.service.ts"
export { FulfillmentSetNameTaken } from "./zone/zone.errors.ts"
export {
  FulfillmentSetCreated,
  FulfillmentSetDeleted,
  FulfillmentSetUpdated,
  ServiceZoneCreated,
  ServiceZoneDeleted,
  ServiceZoneUpdated,
} from "./zone/zone.events.ts"
export { fulfillmentSetResource, geoZoneResource, serviceZoneResource } from "./zone/zone.resources.ts"
export {
  CreateFulfillmentSet,
  CreateFulfillmentSets,
  CreateGeoZone,
  CreateServiceZone,
  CreateServiceZones,
  UpdateFulfillmentSet,
  UpdateServiceZone,
} from "./zone/zone.schema.ts"
