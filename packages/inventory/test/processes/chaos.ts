import { codeOf, work } from "./work.ts"

// Does all that can be done with some items at two locations, in an order that a seed decides.
const [, , url, seedText = "1", rounds = "0", ...items] = process.argv
let seed = Number(seedText)
const random = (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return Math.floor((seed / 2 ** 31) * below)
}
const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T
const shuffled = <T>(values: readonly T[]): T[] =>
  values
    .map((value) => [random(1_000), value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value)
const carts = Array.from({ length: 6 }, (_, index) => `cart_${index}`)

await work(url, async ({ reservations, levels }) => {
  const deeds = [
    () => {
      const cart = pick(carts)
      const lines = shuffled(items)
        .slice(random(items.length))
        .map((inventoryItemId) => ({
          lineItemId: cart,
          inventoryItemId,
          quantity: 1 + random(4),
          allowBackorder: random(4) === 0,
        }))
      const expiresAt = random(3) === 0 ? new Date(0) : null
      return reservations.reserve({ lines, locationIds: shuffled(["a", "b"]), externalId: cart, expiresAt })
    },
    () => reservations.release({ externalId: pick(carts) }),
    () => reservations.releaseExpired(1 + random(5)),
    () => reservations.confirm({ lineItemIds: [pick(carts)] }),
    () => reservations.fulfil([{ lineItemId: pick(carts), quantity: 1 + random(3) }]),
    () => reservations.restock([{ lineItemId: pick(carts), quantity: 1 + random(3) }]),
    () =>
      levels.adjust(
        shuffled(items).map((inventoryItemId) => ({
          inventoryItemId,
          locationId: pick(["a", "b"]),
          adjustment: random(7) - 3,
        })),
      ),
    () =>
      levels.setMany(
        shuffled(items).map((inventoryItemId) => ({
          inventoryItemId,
          locationId: pick(["a", "b"]),
          stockedQuantity: random(25),
        })),
      ),
    async () => {
      const { rows } = await reservations.list({ limit: 20, count: false })
      if (rows.length === 0) return
      await reservations.update(pick(rows).id, { quantity: 1 + random(5), locationId: pick(["a", "b"]) })
    },
  ]
  const walk = async () => {
    const seen: string[] = []
    for (let round = 0; round < Number(rounds); round++) seen.push(await pick(deeds)().then(() => "done", codeOf))
    return seen
  }
  const walks = await Promise.all(Array.from({ length: 5 }, walk))
  return walks.flat()
})
