import { defineEntity, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const FulfillmentProviderTable = defineEntity({
  name: "FulfillmentProviderRow",
  tableName: "fulfillment_provider",
  indexes: [searchIndex("fulfillment", "fulfillment_provider", ["id"])],
  properties: {
    /** As the provider names itself: `manual_manual`. */
    id: p.text().primary(),
    /** Whether the composition that migrated last was configured with it. */
    isEnabled: p.boolean().default(true),
    ...timestamps,
    ...softDelete,
  },
})

/** A fulfillment provider as a row, so that shipping options can name it and people can choose it. */
export class FulfillmentProviderRow extends FulfillmentProviderTable.class {}
FulfillmentProviderTable.setClass(FulfillmentProviderRow)
