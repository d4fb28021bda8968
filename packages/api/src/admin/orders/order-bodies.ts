import { CreateFulfillment, ShipFulfillment } from "@marquetry/fulfillment"
import { NewOrderCreditLine, OrderQuantities, UpdateOrder, UpdateOrderAddress } from "@marquetry/order"
import { z } from "zod"

const id = z.string().min(1).max(200)
const note = z.string().max(5_000).optional()
const noNotification = z.boolean().optional()

/** Of whose address book an address is does not come from outside. */
const address = UpdateOrderAddress.omit({ customerId: true })

export const OrderChanges = UpdateOrder.extend({ shippingAddress: address, billingAddress: address }).exactPartial()

/** What pays is always named on the wire. */
export const CreditLine = NewOrderCreditLine.extend({ reference: z.string().min(1).max(200), referenceId: id })

/** On the wire a line of an order is called by its `id`. */
const { quantity } = OrderQuantities.element.shape
const items = z.array(z.strictObject({ id, quantity })).min(1).max(500)

const { deliveryAddress, metadata } = CreateFulfillment.shape
export const OrderFulfillment = z.strictObject({
  items,
  locationId: id.nullable().optional(),
  shippingOptionId: id.nullable().optional(),
  noNotification,
  deliveryAddress: deliveryAddress.unwrap().optional(),
  metadata: metadata.unwrap().optional(),
})

export const Shipment = z.strictObject({
  items,
  labels: ShipFulfillment.shape.labels,
  noNotification,
  metadata: ShipFulfillment.shape.metadata,
})

export const Notice = z.strictObject({ noNotification })

export const TransferToCustomer = z.strictObject({
  customerId: id,
  description: note,
  internalNote: note,
  updateOrderEmail: z.boolean().optional(),
})
export const TransferToGuest = z.strictObject({ email: z.string().max(320), description: note, internalNote: note })

export const PaymentSession = z.strictObject({ paymentSessionId: id })

/** Routes that take nothing say so. */
export const Nothing = z.strictObject({})
