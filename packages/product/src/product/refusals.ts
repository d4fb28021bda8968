import { constraintOf, type ModuleError } from "@marquetry/kernel"
import { OptionExclusive, OptionTitleTaken, OptionValueTaken } from "../option/option.errors.ts"
import { BarcodeTaken, ChoiceTaken, EanTaken, SkuTaken, UpcTaken } from "../variant/variant.errors.ts"
import { HandleTaken } from "./product.errors.ts"

/** Errors for the unique indexes of the module; each is told the values that were there already. */
const refusals: Readonly<Record<string, (values: readonly string[]) => ModuleError>> = {
  product_handle_unique: ([handle = ""]) => new HandleTaken(handle),
  product_category_handle_unique: ([handle = ""]) => new HandleTaken(handle),
  product_collection_handle_unique: ([handle = ""]) => new HandleTaken(handle),
  product_variant_sku_unique: ([sku = ""]) => new SkuTaken(sku),
  product_variant_ean_unique: ([ean = ""]) => new EanTaken(ean),
  product_variant_upc_unique: ([upc = ""]) => new UpcTaken(upc),
  product_variant_barcode_unique: ([barcode = ""]) => new BarcodeTaken(barcode),
  product_variant_product_id_option_key_unique: ([productId = ""]) => new ChoiceTaken(productId),
  product_option_use_title_unique: ([, title = ""]) => new OptionTitleTaken(title),
  product_option_use_exclusive_unique: ([optionId = ""]) => new OptionExclusive(optionId),
  product_option_value_option_id_value_unique: ([, value = ""]) => new OptionValueTaken(value),
}

/** For `.catch()` after a write: says which rule of the database refused it, in the module's own words. */
export function refuse(error: unknown): never {
  const refusal = refusals[constraintOf(error) ?? ""]
  throw refusal === undefined ? error : refusal(takenValues(error))
}

/** What Postgres tells of a violated unique index: `Key (product_id, title)=(prod_1, Size) already exists.` */
function takenValues(error: unknown): string[] {
  const { detail } = error as { detail?: unknown }
  const [, columns, values] = /^Key \((.*?)\)=\((.*)\) already exists/s.exec(String(detail)) ?? []
  if (columns === undefined || values === undefined) return []
  const [first, ...rest] = values.split(", ")
  return columns.includes(",") ? [first ?? "", rest.join(", ")] : [values]
}
