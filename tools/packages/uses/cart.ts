import { CartAlreadyCompleted, startCart, type CartView } from "@marquetry/cart"

async function main(): Promise<void> {
  const { carts, migrate, close } = await startCart({ database: process.env["DATABASE_URL"] })
  await migrate()
  const shirt = { title: "Shirt", variantId: "variant_1", unitPrice: "19.90", quantity: 1, taxLines: [{ rate: 19 }] }
  const { id } = await carts.create({ currencyCode: "eur", items: [shirt] })
  const cart: CartView = await carts.addItems(id, [shirt])
  await carts.change(id, (held) => void held.promoCodes.push("SUMMER"))
  await carts.complete(id)
  const refusal: unknown = await carts.removeItem(id, cart.items[0]?.id ?? "").catch((error: unknown) => error)
  await close()
  if (cart.total !== "47.36" || !(refusal instanceof CartAlreadyCompleted)) throw new Error(cart.total)
  console.log("ok")
}

void main()
