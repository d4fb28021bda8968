import type { AddressInfo } from "node:net"
import { startCart } from "@marquetry/cart"
import express from "express"
import { cartRoutes } from "./cart-routes.ts"

const { carts, migrate, close } = await startCart()
await migrate()
const server = express().use("/carts", cartRoutes(carts)).listen(0)
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/carts`

const send = async (path: string, body: object = {}): Promise<any> => {
  const headers = { "content-type": "application/json" }
  return (await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) })).json()
}

const { id } = await send("")
await send(`/${id}/items`, { sku: "mug-blue", quantity: 1 })
await send(`/${id}/items`, { sku: "plate", quantity: 2 })
const cart = await send(`/${id}/items`, { sku: "mug-blue", quantity: 1 })
console.log(cart.items.map(({ title, quantity }: any) => `${quantity} ${title}`).join(", ")) // 2 Mug, blue, 2 Plate
console.log(cart.total, cart.taxTotal) // 67.9 11.78

const unknown = await send(`/${id}/items`, { sku: "fork", quantity: 1 })
console.log(`${unknown.code}: ${unknown.message}`) // resource.not_found: Product with id: fork was not found
console.log((await send(`/${id}/items`, { sku: "plate", quantity: 0.5 })).code) // input.invalid
await send(`/${id}/checkout`)
console.log((await send(`/${id}/checkout`)).code) // cart.completed

server.close()
await close()
