import { CartAddressInput } from "@marquetry/cart"
import { AddItem, ChangeCart, ChangeItem, ChooseShipping, NewCart } from "@marquetry/flows"
import { z } from "zod"

/** Clients send it for plugins; what no plugin reads is left alone. */
const additionalData = z.record(z.string(), z.unknown()).optional()

const Address = CartAddressInput.omit({ customerId: true })
/** An address or, of customers, the id of one that they keep. */
const newAddress = z
  .union([Address, z.string().min(1).max(200)])
  .nullable()
  .default(null)
/** Storefronts send the address of a cart back with its id; a cart has one of each kind, so that the id says nothing. */
const changedAddress = Address.extend({ id: z.string().max(200).nullish() }).transform((given) => {
  const { id: _id, ...address } = given
  return address
})

export const CreateCartBody = NewCart.extend({
  shippingAddress: newAddress,
  billingAddress: newAddress,
  additionalData,
})
export const UpdateCartBody = ChangeCart.extend({
  ...z.strictObject({ shippingAddress: changedAddress, billingAddress: changedAddress }).exactPartial().shape,
  additionalData,
})
export const AddItemBody = AddItem
export const UpdateItemBody = ChangeItem
export const PromotionsBody = z.strictObject({ promoCodes: z.array(z.string().max(200)).max(100) })
export const ShippingMethodBody = z.union([ChooseShipping.element, ChooseShipping])
export const TaxesBody = z.strictObject({ fields: z.string().max(10_000).optional() })
/** Some clients send an empty object, others nothing. */
export const NoBody = z.strictObject({})

const id = z.string().max(200)
export const CartParams = z.object({ id })
export const LineParams = z.object({ id, line_id: id })

/** A line that is gone, and the cart without it. */
export const RemovedLine = z.object({
  id: z.string(),
  object: z.literal("line-item"),
  deleted: z.literal(true),
  parent: z.record(z.string(), z.unknown()),
})
