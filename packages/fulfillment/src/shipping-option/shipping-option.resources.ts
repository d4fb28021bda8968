import { defineResource } from "@marquetry/kernel"
import { ShippingOptionType } from "../shipping-option-type/shipping-option-type.entity.ts"
import { ShippingProfile } from "../shipping-profile/shipping-profile.entity.ts"
import { ShippingOption, ShippingOptionRule } from "./shipping-option.entity.ts"

export const shippingProfileResource = defineResource("shipping_profile", ShippingProfile, { search: ["name", "type"] })
export const shippingOptionTypeResource = defineResource("shipping_option_type", ShippingOptionType, {
  search: ["label", "code", "description"],
})
export const shippingOptionResource = defineResource("shipping_option", ShippingOption, { search: ["name"] })
export const shippingOptionRuleResource = defineResource("shipping_option_rule", ShippingOptionRule)
