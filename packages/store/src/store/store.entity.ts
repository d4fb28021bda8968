import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const StoreTable = defineEntity({
  name: "Store",
  indexes: [searchIndex("store", "store", ["name"])],
  properties: {
    id: id("store"),
    name: p.text(),
    // Rows of other modules, by their ids: what is taken where a request names none.
    defaultSalesChannelId: p.text().strictNullable().default(null),
    defaultRegionId: p.text().strictNullable().default(null),
    defaultLocationId: p.text().strictNullable().default(null),
    supportedCurrencies: () => p.oneToMany(StoreCurrency).mappedBy("store"),
    supportedLocales: () => p.oneToMany(StoreLocale).mappedBy("store"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** The business behind the shop. There is usually one. */
export class Store extends StoreTable.class {}
StoreTable.setClass(Store)

const StoreCurrencyTable = defineEntity({
  name: "StoreCurrency",
  orderBy: { rank: "asc" },
  uniques: [
    { name: "store_currency_store_id_currency_code_unique", properties: ["store", "currencyCode"] },
    // At most one default; that there is one at all is the schema's rule.
    { name: "store_currency_default_unique", properties: ["store"], where: "is_default" },
  ],
  properties: {
    id: id("stocur"),
    store: () => p.manyToOne(Store).ref().deleteRule("cascade"),
    /** ISO 4217, lower case. */
    currencyCode: p.text(),
    /** What a price is in where nothing else says. */
    isDefault: p.boolean().default(false),
    /** Place in the list, as it was given. */
    rank: p.integer().default(0),
    ...timestamps,
    // Part of the wire's contract. Always null: a currency that leaves the list is deleted for good.
    ...softDelete,
  },
})

/** A currency that a store has prices in. */
export class StoreCurrency extends StoreCurrencyTable.class {}
StoreCurrencyTable.setClass(StoreCurrency)

const StoreLocaleTable = defineEntity({
  name: "StoreLocale",
  orderBy: { rank: "asc" },
  uniques: [{ name: "store_locale_store_id_locale_code_unique", properties: ["store", "localeCode"] }],
  properties: {
    id: id("stoloc"),
    store: () => p.manyToOne(Store).ref().deleteRule("cascade"),
    /** BCP 47, in its canonical spelling: `en-US`. */
    localeCode: p.text(),
    /** Place in the list, as it was given. */
    rank: p.integer().default(0),
    ...timestamps,
  },
})

/** A language, and perhaps a country, that a store speaks. */
export class StoreLocale extends StoreLocaleTable.class {}
StoreLocaleTable.setClass(StoreLocale)
