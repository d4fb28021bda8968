import { defineResource } from "@marquetry/kernel"
import { TaxProviderRow, TaxRate, TaxRateRule, TaxRegion } from "./tax.entity.ts"

export const taxProviderResource = defineResource("tax_provider", TaxProviderRow)
export const taxRegionResource = defineResource("tax_region", TaxRegion, { search: ["countryCode", "provinceCode"] })
export const taxRateResource = defineResource("tax_rate", TaxRate, { search: ["name", "code"] })
export const taxRateRuleResource = defineResource("tax_rate_rule", TaxRateRule)
