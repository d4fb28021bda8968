import { defineResource } from "@marquetry/kernel"
import { PaymentProviderRow } from "./provider.entity.ts"

export const paymentProviderResource = defineResource("payment_provider", PaymentProviderRow)
