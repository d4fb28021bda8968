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

/** All pieces of an order. */
export const piecesOf = (order: { readonly items: readonly { readonly id: string; readonly quantity: number }[] }) =>
  order.items.map(({ id, quantity }) => ({ id, quantity }))

/** The codes of what was refused. */
export const refusalsOf = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.flatMap((result) => (result.status === "rejected" ? [(result.reason as { code?: string }).code] : []))
