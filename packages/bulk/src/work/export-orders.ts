import { FileService } from "@marquetry/file"
import { Query, ResourceRegistry, type AnyFilter } from "@marquetry/kernel"
import { orderResource } from "@marquetry/order"
import { pagesOf } from "./pages.ts"
import { sheet, uploadCsv } from "./upload-csv.ts"
import type { Work } from "./work.ts"

interface Address {
  readonly address1: string | null
  readonly address2: string | null
  readonly city: string | null
  readonly countryCode: string | null
  readonly postalCode: string | null
}

interface OrderRow {
  readonly id: string
  readonly displayId: number
  readonly status: string
  readonly createdAt: string
  readonly email: string | null
  readonly customerId: string | null
  readonly regionId: string | null
  readonly currencyCode: string
  readonly fulfillmentStatus: string
  readonly payment_status?: string
  readonly subtotal: string
  readonly shippingTotal: string
  readonly discountTotal: string
  readonly creditLineTotal: string
  readonly refundedTotal: string
  readonly taxTotal: string
  readonly total: string
  readonly shippingAddress: Address | null
  readonly customer?: { readonly firstName: string | null; readonly lastName: string | null } | null
}

/** The columns of Medusa's order export, one row per order. */
export const orderColumns: readonly (readonly [name: string, cell: (order: OrderRow) => string | number | null])[] = [
  ["Order_ID", ({ id }) => id],
  ["Display_ID", ({ displayId }) => displayId],
  ["Order status", ({ status }) => status],
  ["Date", ({ createdAt }) => createdAt],
  ["Customer First name", ({ customer }) => customer?.firstName ?? null],
  ["Customer Last name", ({ customer }) => customer?.lastName ?? null],
  ["Customer Email", ({ email }) => email],
  ["Customer ID", ({ customerId }) => customerId],
  ["Shipping Address 1", ({ shippingAddress }) => shippingAddress?.address1 ?? null],
  ["Shipping Address 2", ({ shippingAddress }) => shippingAddress?.address2 ?? null],
  ["Shipping Country Code", ({ shippingAddress }) => shippingAddress?.countryCode ?? null],
  ["Shipping City", ({ shippingAddress }) => shippingAddress?.city ?? null],
  ["Shipping Postal Code", ({ shippingAddress }) => shippingAddress?.postalCode ?? null],
  ["Shipping Region ID", ({ regionId }) => regionId],
  ["Fulfillment Status", ({ fulfillmentStatus }) => fulfillmentStatus],
  ["Payment Status", (order) => order.payment_status ?? null],
  ["Subtotal", ({ subtotal }) => subtotal],
  ["Shipping Total", ({ shippingTotal }) => shippingTotal],
  ["Discount Total", ({ discountTotal }) => discountTotal],
  ["Gift Card Total", ({ creditLineTotal }) => creditLineTotal],
  ["Refunded Total", ({ refundedTotal }) => refundedTotal],
  ["Tax Total", ({ taxTotal }) => taxTotal],
  ["Total", ({ total }) => total],
  ["Currency Code", ({ currencyCode }) => currencyCode],
]

/** What customers and payments say is read where the composition has them. */
function fieldsOf(registry: ResourceRegistry) {
  const hasCustomers = registry.resource(orderResource.name).relations.has("customer")
  return {
    id: true,
    displayId: true,
    status: true,
    createdAt: true,
    email: true,
    customerId: true,
    regionId: true,
    currencyCode: true,
    fulfillmentStatus: true,
    subtotal: true,
    shippingTotal: true,
    discountTotal: true,
    creditLineTotal: true,
    refundedTotal: true,
    taxTotal: true,
    total: true,
    shippingAddress: { address1: true, address2: true, city: true, countryCode: true, postalCode: true },
    ...(hasCustomers && { customer: { firstName: true, lastName: true } as const }),
    ...(registry.computed(orderResource.name, "payment_status") !== undefined && { payment_status: true as const }),
  } as const
}

export const exportOrders: Work = async (container, operation, signal) => {
  const { filter, q } = operation.input as unknown as { readonly filter: AnyFilter; readonly q?: string }
  const query = container.resolve(Query)
  const fields = fieldsOf(container.resolve(ResourceRegistry))
  let count = 0
  async function* rows() {
    yield orderColumns.map(([name]) => name)
    const chosen = { $and: [filter, { isDraftOrder: false }, { status: { $ne: "draft" } }] }
    for await (const order of pagesOf<OrderRow>(query, orderResource.name, { fields, filter: chosen, q }, signal)) {
      count++
      yield orderColumns.map(([, cell]) => cell(order))
    }
  }
  const fileIdOut = await uploadCsv(container.resolve(FileService), operation, sheet(rows()))
  return { summary: { exported: count }, description: "Order export completed successfully!", fileIdOut }
}
