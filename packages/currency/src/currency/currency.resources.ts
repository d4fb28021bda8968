import { defineResource } from "@marquetry/kernel"
import { Currency } from "./currency.entity.ts"

export const currencyResource = defineResource("currency", Currency, { search: ["code", "name"] })
