import { defineEntity, p, searchIndex } from "@marquetry/kernel"

const CurrencyTable = defineEntity({
  name: "Currency",
  indexes: [searchIndex("currency", "currency", ["code", "name"])],
  properties: {
    /** ISO 4217, lower case. */
    code: p.text().primary(),
    name: p.text(),
    /** Tells it from other currencies in an English text: `CA$`. */
    symbol: p.text(),
    /** What people at home write: `$`. */
    symbolNative: p.text(),
    /** Decimals of the minor unit: 2 for EUR, 0 for JPY. */
    decimalDigits: p.integer(),
    /** The step that cash is rounded to, in major units; 0 for none. */
    rounding: p.decimal().columnType("numeric"),
  },
})

/** A currency of ISO 4217. Comes with the module; nobody writes it. */
export class Currency extends CurrencyTable.class {}
CurrencyTable.setClass(Currency)
