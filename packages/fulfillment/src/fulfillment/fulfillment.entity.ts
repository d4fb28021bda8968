import { defineEntity, id, metadata, p, softDelete, timestamps } from "@marquetry/kernel"
import { FulfillmentProviderRow } from "../provider/provider.entity.ts"
import { ShippingOption } from "../shipping-option/shipping-option.entity.ts"

const FulfillmentAddressTable = defineEntity({
  name: "FulfillmentAddress",
  properties: {
    id: id("fuladdr"),
    company: p.text().strictNullable().default(null),
    firstName: p.text().strictNullable().default(null),
    lastName: p.text().strictNullable().default(null),
    address1: p.text().fieldName("address_1").strictNullable().default(null),
    address2: p.text().fieldName("address_2").strictNullable().default(null),
    city: p.text().strictNullable().default(null),
    countryCode: p.text().strictNullable().default(null),
    province: p.text().strictNullable().default(null),
    postalCode: p.text().strictNullable().default(null),
    phone: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Where goods go, as it was when they were packed. */
export class FulfillmentAddress extends FulfillmentAddressTable.class {}
FulfillmentAddressTable.setClass(FulfillmentAddress)

const instant = () => p.datetime(3).strictNullable().default(null)

const FulfillmentTable = defineEntity({
  name: "Fulfillment",
  indexes: [
    {
      name: "fulfillment_unfinished_index",
      expression: `create index "fulfillment_unfinished_index" on "fulfillment"."fulfillment" ("created_at") where ("handed_over_at" is null or "withdrawn_at" is not null) and "canceled_at" is null and "shipped_at" is null and "delivered_at" is null and "deleted_at" is null`,
    },
  ],
  checks: [
    {
      name: "fulfillment_canceled_check",
      expression: "canceled_at is null or (shipped_at is null and delivered_at is null)",
    },
  ],
  properties: {
    id: id("ful"),
    /** The stock location that it leaves from. */
    locationId: p.text().index("fulfillment_location_id_index"),
    packedAt: instant(),
    shippedAt: instant(),
    deliveredAt: instant(),
    canceledAt: instant(),
    markedShippedBy: p.text().strictNullable().default(null),
    createdBy: p.text().strictNullable().default(null),
    requiresShipping: p.boolean().default(true),
    /** What the provider wants to be told again. */
    data: p.json<Record<string, unknown>>().strictNullable().default(null),
    provider: () => p.manyToOne(FulfillmentProviderRow).ref().index("fulfillment_provider_id_index"),
    shippingOption: () =>
      p.manyToOne(ShippingOption).ref().strictNullable().default(null).index("fulfillment_shipping_option_id_index"),
    deliveryAddress: () =>
      p
        .manyToOne(FulfillmentAddress)
        .ref()
        .strictNullable()
        .default(null)
        .index("fulfillment_delivery_address_id_index"),
    items: () => p.oneToMany(FulfillmentItem).mappedBy("fulfillment"),
    labels: () => p.oneToMany(FulfillmentLabel).mappedBy("fulfillment"),
    /** Since when the provider knows of it. */
    handedOverAt: instant(),
    /** Since when the provider is being told to forget it: until it is canceled, or the provider has refused. */
    withdrawnAt: instant(),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Goods that leave a place together. Packed, shipped and delivered once each; canceled as long as they are there. */
export class Fulfillment extends FulfillmentTable.class {}
FulfillmentTable.setClass(Fulfillment)

const FulfillmentItemTable = defineEntity({
  name: "FulfillmentItem",
  // An upper bound, because NaN is greater than every number.
  checks: [{ name: "fulfillment_item_quantity_check", expression: "quantity > 0 and quantity < 1000000000000000000" }],
  properties: {
    id: id("fulit"),
    title: p.text(),
    sku: p.text().default(""),
    barcode: p.text().default(""),
    quantity: p.decimal().columnType("numeric"),
    lineItemId: p.text().strictNullable().default(null).index("fulfillment_item_line_item_id_index"),
    inventoryItemId: p.text().strictNullable().default(null).index("fulfillment_item_inventory_item_id_index"),
    fulfillment: () =>
      p.manyToOne(Fulfillment).ref().deleteRule("cascade").index("fulfillment_item_fulfillment_id_index"),
    ...timestamps,
    ...softDelete,
  },
})

/** So many of one thing. */
export class FulfillmentItem extends FulfillmentItemTable.class {}
FulfillmentItemTable.setClass(FulfillmentItem)

const FulfillmentLabelTable = defineEntity({
  name: "FulfillmentLabel",
  properties: {
    id: id("fulla"),
    trackingNumber: p.text(),
    trackingUrl: p.text(),
    labelUrl: p.text(),
    fulfillment: () =>
      p.manyToOne(Fulfillment).ref().deleteRule("cascade").index("fulfillment_label_fulfillment_id_index"),
    ...timestamps,
    ...softDelete,
  },
})

/** What is glued to a parcel, and how it is followed. */
export class FulfillmentLabel extends FulfillmentLabelTable.class {}
FulfillmentLabelTable.setClass(FulfillmentLabel)
