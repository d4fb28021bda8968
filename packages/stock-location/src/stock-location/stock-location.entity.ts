import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const StockLocationAddressTable = defineEntity({
  name: "StockLocationAddress",
  properties: {
    id: id("laddr"),
    address1: p.text().fieldName("address_1"),
    address2: p.text().fieldName("address_2").strictNullable().default(null),
    company: p.text().strictNullable().default(null),
    city: p.text().strictNullable().default(null),
    /** ISO 3166-1 alpha-2, lower case. */
    countryCode: p.text(),
    phone: p.text().strictNullable().default(null),
    province: p.text().strictNullable().default(null),
    postalCode: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Where a stock location is. Belongs to one location and lives as long as that says so. */
export class StockLocationAddress extends StockLocationAddressTable.class {}
StockLocationAddressTable.setClass(StockLocationAddress)

const StockLocationTable = defineEntity({
  name: "StockLocation",
  indexes: [searchIndex("stock_location", "stock_location", ["name"])],
  properties: {
    id: id("sloc"),
    name: p.text(),
    address: () =>
      p
        .oneToOne(StockLocationAddress)
        .owner()
        .ref()
        .strictNullable()
        .default(null)
        .deleteRule("set null")
        .unique("stock_location_address_id_unique"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Where goods are kept and sent from: a warehouse, a shop. */
export class StockLocation extends StockLocationTable.class {}
StockLocationTable.setClass(StockLocation)
