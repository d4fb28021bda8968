import type { OrderView } from "@marquetry/order"
import type { Shop } from "./shop.ts"

interface ShirtsAndVouchers {
  readonly id: string
  readonly placed: OrderView
  readonly shirt: { readonly inventoryItemId: string | null }
  /** Ids of the lines. */
  readonly shirts: string
  readonly vouchers: string
}

/** An order of three shirts, which are counted, and two vouchers, which are not. */
export async function shirtsAndVouchers(shop: Shop, providerId?: string): Promise<ShirtsAndVouchers> {
  const [shirt, voucher] = [await shop.addProduct(), await shop.addProduct({ title: "Voucher", stock: null })]
  const placed = await shop.order({ [shirt.variantId]: 3, [voucher.variantId]: 2 }, providerId)
  const [shirts, vouchers] = placed.items.toSorted((one, other) => other.quantity - one.quantity)
  return { id: placed.id, placed, shirt, shirts: shirts?.id as string, vouchers: vouchers?.id as string }
}

/** An order of one piece, for 17.85 euros that are authorised. */
export async function paidOrder(
  shop: Shop,
  providerId?: string,
): Promise<{ id: string; total: string; collectionId: string; paymentId: string }> {
  const { variantId } = await shop.addProduct()
  const { id, total } = await shop.order({ [variantId]: 1 }, providerId)
  return { id, total, ...(await paymentOf(shop, id)) }
}

/** The first payment of an order. */
export async function paymentOf(shop: Shop, orderId: string): Promise<{ collectionId: string; paymentId: string }> {
  const [row] = await shop.sql<{ collectionId: string; paymentId: string }>(
    `select p.payment_collection_id as "collectionId", p.id as "paymentId" from "payment"."payment" p
     join "link"."order_payment_collection" l using (payment_collection_id) where l.order_id = $1 order by p.id`,
    [orderId],
  )
  return row as { collectionId: string; paymentId: string }
}

/** All pieces of an order. */
export const piecesOf = (order: { readonly items: readonly { readonly id: string; readonly quantity: number }[] }) =>
  order.items.map(({ id, quantity }) => ({ id, quantity }))

/** The codes of what was refused. */
export const refusalsOf = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.flatMap((result) => (result.status === "rejected" ? [(result.reason as { code?: string }).code] : []))
