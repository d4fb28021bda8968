import { OrderExists, startOrder, type OrderView } from "@marquetry/order"

async function main(): Promise<void> {
  const { orders, transfers, migrate, close } = await startOrder({ database: process.env["DATABASE_URL"] })
  await migrate()
  const input = {
    currencyCode: "eur",
    cartId: "cart_1",
    items: [{ title: "Shirt", unitPrice: "19.90", quantity: 2 }],
  }
  const order: OrderView = await orders.create(input)
  const refusal: unknown = await orders.place(input).catch((e) => e)
  const { token } = await transfers.request(order.id, { customerId: "cus_1" })
  await transfers.accept(order.id, token)
  const owner: string | null = (await orders.get(order.id)).customerId
  await close()
  if (order.total !== "39.8" || owner !== "cus_1" || !(refusal instanceof OrderExists)) throw new Error(order.total)
  console.log("ok")
}

void main()
