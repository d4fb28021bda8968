import { defineResource } from "@marquetry/kernel"
import { Price, PriceList, PriceListRule, PriceRule, PriceSet } from "./price.entity.ts"

export const priceSetResource = defineResource("price_set", PriceSet)
export const priceResource = defineResource("price", Price, { private: ["rules"] })
export const priceRuleResource = defineResource("price_rule", PriceRule)
export const priceListResource = defineResource("price_list", PriceList, {
  private: ["rules"],
  search: ["title", "description"],
})
export const priceListRuleResource = defineResource("price_list_rule", PriceListRule)
