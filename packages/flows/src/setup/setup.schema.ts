import { CreateRegion, UpdateRegion } from "@marquetry/region"
import { CreateStore, UpdateStore } from "@marquetry/store"
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

export type CreateRegionInput = z.input<typeof CreateRegionInput>
export type UpdateRegionInput = z.input<typeof UpdateRegionInput>
export type UpdateStoreInput = z.input<typeof UpdateStoreInput>
