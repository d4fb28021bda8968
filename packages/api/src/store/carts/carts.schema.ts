import { AddItem, ChangeCart, ChangeItem, ChooseShipping, NewCart } from "@marquetry/flows"
import { z } from "zod"

/** Clients send it for plugins; what no plugin reads is left alone. */
const additionalData = z.record(z.string(), z.unknown()).optional()

export const CreateCartBody = NewCart.extend({ additionalData })
export const UpdateCartBody = ChangeCart.extend({ additionalData })
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
