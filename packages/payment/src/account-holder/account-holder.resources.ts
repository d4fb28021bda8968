import { defineResource } from "@marquetry/kernel"
import { AccountHolder } from "./account-holder.entity.ts"

export const accountHolderResource = defineResource("account_holder", AccountHolder)
