import { defineEntity, p, softDelete, timestamps } from "@marquetry/kernel"

const PaymentProviderRowTable = defineEntity({
  name: "PaymentProviderRow",
  tableName: "payment_provider",
  properties: {
    /** As the provider says it: `pp_stripe_stripe`. */
    id: p.text().primary(),
    /** Whether the shop's configuration names it. */
    isEnabled: p.boolean().default(true),
    ...timestamps,
    ...softDelete,
  },
})

/** A payment provider that the shop has, or had, as a row that others can be linked with. */
export class PaymentProviderRow extends PaymentProviderRowTable.class {}
PaymentProviderRowTable.setClass(PaymentProviderRow)
