import { once } from "node:events"
import { startCart } from "../../src/index.ts"
import { aLineItem } from "../../src/testing.ts"

// Adds a piece of one variant and one of its own, so many times, until the cart is completed.
const [, , database, id = "", name, times] = process.argv
const { carts, close } = await startCart({ database, events: { relay: false } })
await carts.get(id)
console.log("ready")
await once(process.stdin, "data")
let added = 0
let refused = 0
for (let time = 0; time < Number(times); time++) {
  const call = carts.addItems(id, [
    aLineItem({ variantId: "shared", taxLines: [{ rate: 19 }] }),
    aLineItem({ variantId: name }),
  ])
  await call.then(
    () => added++,
    (error: { code?: unknown }) => {
      if (error.code !== "cart.completed") throw error
      refused++
    },
  )
}
console.log(JSON.stringify({ added, refused }))
await close()
