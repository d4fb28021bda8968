import { CreateFulfillmentSet } from "@marquetry/fulfillment"
import { CreateRegion, UpdateRegion } from "@marquetry/region"
import { CreateStockLocation, UpdateStockLocation } from "@marquetry/stock-location"
import { CreateStore, UpdateStore } from "@marquetry/store"
import { CreateTaxRate, TaxRateRuleInput as TaxRateRule, UpdateTaxRate } from "@marquetry/tax"
import { z } from "zod"

/* Made from the schemas of the modules: a field that one of them gets is a field here. What they answer can be given to
   them again: routes check a body, and flows do. */

const id = z.string().min(1).max(100)

const regionParts = {
  /** Whether prices for the region contain tax. */
  isTaxInclusive: z.boolean().exactOptional(),
  /** Who takes payments in the region; on update, the whole list. */
  paymentProviders: z.array(id).max(100).exactOptional(),
}
export const CreateRegionInput = CreateRegion.extend(regionParts)
export const UpdateRegionInput = UpdateRegion.extend(regionParts)

/** What may be said of a list the module of stores checks. */
const supportedCurrency = CreateStore.shape.supportedCurrencies.element.extend({
  /** Whether prices in the currency contain tax; as it is, unless said. */
  isTaxInclusive: z.boolean().exactOptional(),
})
export const UpdateStoreInput = UpdateStore.extend({
  supportedCurrencies: z.array(supportedCurrency).max(300).exactOptional(),
})

/** An address is of one location, and comes with it: there is none to name before. */
export const CreateStockLocationInput = CreateStockLocation.extend({ addressId: z.null().exactOptional() })
export const UpdateStockLocationInput = UpdateStockLocation.extend({
  /** `null` takes the address away; its own changes nothing. */
  addressId: id.nullable().exactOptional(),
})

/** Zones come once there is a set. Goods are sent, or fetched. */
export const CreateFulfillmentSetInput = CreateFulfillmentSet.omit({ serviceZones: true }).extend({
  type: z.enum(["shipping", "pickup"]),
})

/** Who makes a rate or a rule is who asks. */
export const TaxRateRuleInput = TaxRateRule.omit({ createdBy: true })
const taxRateRules = z.array(TaxRateRuleInput).max(10_000)
export const CreateTaxRateInput = CreateTaxRate.omit({ createdBy: true }).extend({ rules: taxRateRules.default([]) })
export const UpdateTaxRateInput = UpdateTaxRate.extend({ rules: taxRateRules.exactOptional() })

export type CreateRegionInput = z.input<typeof CreateRegionInput>
export type UpdateRegionInput = z.input<typeof UpdateRegionInput>
export type UpdateStoreInput = z.input<typeof UpdateStoreInput>
export type CreateStockLocationInput = z.input<typeof CreateStockLocationInput>
export type UpdateStockLocationInput = z.input<typeof UpdateStockLocationInput>
export type CreateFulfillmentSetInput = z.input<typeof CreateFulfillmentSetInput>
export type TaxRateRuleInput = z.input<typeof TaxRateRuleInput>
export type CreateTaxRateInput = z.input<typeof CreateTaxRateInput>
export type UpdateTaxRateInput = z.input<typeof UpdateTaxRateInput>
/** What a rule is about. */
export type NamedThing = Pick<z.output<typeof TaxRateRuleInput>, "reference" | "referenceId">
