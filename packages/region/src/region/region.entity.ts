import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const RegionTable = defineEntity({
  name: "Region",
  indexes: [searchIndex("region", "region", ["name"])],
  properties: {
    id: id("reg"),
    name: p.text(),
    /** ISO 4217, lower case. */
    currencyCode: p.text(),
    /** Whether carts of the region compute taxes by themselves. */
    automaticTaxes: p.boolean().default(true),
    countries: () => p.oneToMany(Country).mappedBy("region"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Part of the world that is sold to in one currency. */
export class Region extends RegionTable.class {}
RegionTable.setClass(Region)

const CountryTable = defineEntity({
  name: "Country",
  orderBy: { iso2: "asc" },
  properties: {
    /** ISO 3166-1 alpha-2, lower case. */
    iso2: p.text().primary().fieldName("iso_2"),
    iso3: p.text().fieldName("iso_3"),
    numCode: p.text(),
    /** In capitals, as addresses are written. */
    name: p.text(),
    displayName: p.text(),
    // One column: a country is in one region at most.
    region: () => p.manyToOne(Region).ref().strictNullable().default(null).index("country_region_id_index"),
    ...metadata,
  },
})

/** A country of ISO 3166-1. Comes with the module; shops only say in which region it is. */
export class Country extends CountryTable.class {}
CountryTable.setClass(Country)
