import {
  Database,
  defineModule,
  Events,
  Query,
  start,
  type ModuleDefinition,
  type Started,
  type StartOptions,
} from "@marquetry/kernel"
import { Fulfillment, FulfillmentAddress, FulfillmentItem, FulfillmentLabel } from "./fulfillment/fulfillment.entity.ts"
import {
  fulfillmentAddressResource,
  fulfillmentItemResource,
  fulfillmentLabelResource,
  fulfillmentResource,
} from "./fulfillment/fulfillment.resources.ts"
import { FulfillmentService } from "./fulfillment/fulfillment.service.ts"
import { CreateFulfillments } from "./migrations/20261122203803_create-fulfillments.ts"
import type { FulfillmentProvider } from "./provider/fulfillment-provider.ts"
import { FulfillmentProviders, syncProviders } from "./provider/fulfillment-providers.ts"
import { FulfillmentProviderRow } from "./provider/provider.entity.ts"
import { fulfillmentProviderResource } from "./provider/provider.resources.ts"
import { ShippingOptionType } from "./shipping-option-type/shipping-option-type.entity.ts"
import { ShippingOptionTypeService } from "./shipping-option-type/shipping-option-type.service.ts"
import { ShippingOption, ShippingOptionRule } from "./shipping-option/shipping-option.entity.ts"
import {
  shippingOptionResource,
  shippingOptionRuleResource,
  shippingOptionTypeResource,
  shippingProfileResource,
} from "./shipping-option/shipping-option.resources.ts"
import { ShippingOptionService } from "./shipping-option/shipping-option.service.ts"
import { ShippingProfile } from "./shipping-profile/shipping-profile.entity.ts"
import { ShippingProfileService } from "./shipping-profile/shipping-profile.service.ts"
import { FulfillmentSetService } from "./zone/fulfillment-set.service.ts"
import { ServiceZoneService } from "./zone/service-zone.service.ts"
import { FulfillmentSet, GeoZone, ServiceZone } from "./zone/zone.entity.ts"
import { fulfillmentSetResource, geoZoneResource, serviceZoneResource } from "./zone/zone.resources.ts"

export interface FulfillmentOptions {
  /** Beside `manual_manual`, which is always there. */
  readonly providers?: readonly FulfillmentProvider[]
}

/** @throws {TypeError} when the id of a provider is not lower-case words, or two are the same. */
export function fulfillmentModule(options: FulfillmentOptions = {}): ModuleDefinition {
  const providers = new FulfillmentProviders(options.providers)
  return defineModule({
    name: "fulfillment",
    entities: [
      FulfillmentProviderRow,
      FulfillmentSet,
      ServiceZone,
      GeoZone,
      ShippingProfile,
      ShippingOptionType,
      ShippingOption,
      ShippingOptionRule,
      Fulfillment,
      FulfillmentAddress,
      FulfillmentItem,
      FulfillmentLabel,
    ],
    migrations: [CreateFulfillments],
    resources: [
      fulfillmentProviderResource,
      fulfillmentSetResource,
      serviceZoneResource,
      geoZoneResource,
      shippingProfileResource,
      shippingOptionTypeResource,
      shippingOptionResource,
      shippingOptionRuleResource,
      fulfillmentResource,
      fulfillmentAddressResource,
      fulfillmentItemResource,
      fulfillmentLabelResource,
    ],
    seed: (db) => syncProviders(db, providers.ids),
    services: [FulfillmentSetService, ServiceZoneService, ShippingProfileService, ShippingOptionTypeService],
    register(container) {
      container.registerInstance(FulfillmentProviders, providers)
      for (const Service of [ShippingOptionService, FulfillmentService]) {
        container.register<InstanceType<typeof Service>>(Service, {
          useFactory: (c) =>
            new Service(c.resolve(Database), c.resolve(Events), c.resolve(Query), c.resolve(FulfillmentProviders)),
        })
      }
    },
  })
}

/** What {@link startFulfillment} gives. */
export interface FulfillmentServices {
  readonly fulfillmentSets: FulfillmentSetService
  readonly serviceZones: ServiceZoneService
  readonly shippingProfiles: ShippingProfileService
  readonly shippingOptionTypes: ShippingOptionTypeService
  readonly shippingOptions: ShippingOptionService
  readonly fulfillments: FulfillmentService
  readonly providers: FulfillmentProviders
}

/** Runs fulfillment alone, on your database or an embedded one. */
export function startFulfillment({ providers, ...options }: StartOptions & FulfillmentOptions = {}): Promise<
  Started<FulfillmentServices>
> {
  return start(fulfillmentModule(providers === undefined ? {} : { providers }), options, (container) => ({
    fulfillmentSets: container.resolve(FulfillmentSetService),
    serviceZones: container.resolve(ServiceZoneService),
    shippingProfiles: container.resolve(ShippingProfileService),
    shippingOptionTypes: container.resolve(ShippingOptionTypeService),
    shippingOptions: container.resolve(ShippingOptionService),
    fulfillments: container.resolve(FulfillmentService),
    providers: container.resolve(FulfillmentProviders),
  }))
}
