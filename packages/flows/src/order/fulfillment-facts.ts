import { NotFound, type NamedRead, type Query } from "@marquetry/kernel"

/** A way of sending, and where it sends from. */
export interface SendingOption {
  readonly id: string
  readonly providerId: string
  readonly shippingProfileId: string
  readonly serviceZone: { readonly fulfillmentSet: { readonly location: { readonly id: string } | null } }
}

/** A line of which pieces are to leave. */
export interface LineFacts {
  readonly id: string
  readonly title: string
  readonly variantSku: string | null
  readonly variantBarcode: string | null
  readonly requiresShipping: boolean
  readonly variant: {
    readonly manageInventory: boolean
    readonly inventoryItems: readonly { readonly inventoryId: string }[]
    readonly product: { readonly shippingProfile: { readonly id: string } | null }
  } | null
}

/** What is held for a line at one place. */
export interface HeldFacts {
  readonly lineItemId: string
  readonly inventoryItemId: string
  readonly locationId: string
  readonly quantity: number
  readonly requiredQuantity: number
}

/** What has to be known of an order to send something of it. */
export interface SendingFacts {
  readonly address: AddressFacts | null
  readonly methods: readonly {
    readonly data: Readonly<Record<string, unknown>> | null
    readonly shippingOption: SendingOption | null
  }[]
  /** Where goods of the order's channel are kept. */
  readonly locationIds: readonly string[]
  readonly lines: readonly LineFacts[]
  readonly held: readonly HeldFacts[]
  /** The option that was asked for, if one was. */
  readonly option: SendingOption | null
}

type AddressFacts = { readonly [Name in keyof typeof address]: Name extends "metadata" ? Metadata : string | null }
type Metadata = Record<string, unknown> | null

const address = {
  company: true,
  firstName: true,
  lastName: true,
  address1: true,
  address2: true,
  city: true,
  countryCode: true,
  province: true,
  postalCode: true,
  phone: true,
  metadata: true,
} as const
const option = {
  id: true,
  providerId: true,
  shippingProfileId: true,
  serviceZone: { fulfillmentSet: { location: { id: true } } },
} as const
const order = {
  id: true,
  shippingAddress: address,
  shippingMethods: { data: true, shippingOption: option },
  salesChannel: { stockLocations: { id: true } },
} as const
const line = {
  id: true,
  title: true,
  variantSku: true,
  variantBarcode: true,
  requiresShipping: true,
  variant: {
    manageInventory: true,
    inventoryItems: { inventoryId: true },
    product: { shippingProfile: { id: true } },
  },
} as const
const held = {
  lineItemId: true,
  inventoryItemId: true,
  locationId: true,
  quantity: true,
  requiredQuantity: true,
} as const

/** In one statement. @throws {NotFound} without that order, or that shipping option. */
export async function sendingFacts(
  query: Query,
  orderId: string,
  lineIds: readonly string[],
  optionId: string | null,
): Promise<SendingFacts> {
  const reads: NamedRead[] = [
    { resource: "order", read: { fields: order, filter: { id: orderId }, limit: 1 } },
    { resource: "order_line_item", read: { fields: line, filter: { id: lineIds, orderId }, limit: 10_000 } },
    { resource: "reservation", read: { fields: held, filter: { lineItemId: lineIds }, limit: 10_000 } },
    { resource: "shipping_option", read: { fields: option, filter: { id: optionId ?? "" }, limit: 1 } },
  ]
  const [orders = [], lines, reservations, options = []] = await query.listTogether(reads)
  const found = orders[0] as unknown as OrderRow | undefined
  if (found === undefined) throw new NotFound("Order", orderId)
  if (optionId !== null && options[0] === undefined) throw new NotFound("Shipping option", optionId)
  return {
    address: found.shippingAddress,
    methods: found.shippingMethods,
    locationIds: (found.salesChannel?.stockLocations ?? []).map(({ id }) => id),
    lines: lines as unknown as LineFacts[],
    held: reservations as unknown as HeldFacts[],
    option: (options[0] as unknown as SendingOption | undefined) ?? null,
  }
}

interface OrderRow {
  readonly shippingAddress: AddressFacts | null
  readonly shippingMethods: SendingFacts["methods"]
  readonly salesChannel: { readonly stockLocations: readonly { readonly id: string }[] } | null
}
