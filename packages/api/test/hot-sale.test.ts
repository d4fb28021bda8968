import { fork, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, list, visitor, type Row, type Visitor } from "./buying.ts"
import { addProduct } from "./selling.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

const CONNECTIONS = 16

let shop: Shop
let processes: ChildProcess[]
let addresses: string[]
beforeAll(async () => {
  shop = await openShop()
  processes = [0, 1].map(() =>
    fork(new URL("processes/backend.ts", import.meta.url), [shop.url], {
      execArgv: ["--disable-warning=ExperimentalWarning", "--conditions=@marquetry/source"],
    }),
  )
  addresses = await Promise.all(processes.map(async (child) => String((await once(child, "message"))[0])))
})
afterAll(async () => {
  const ended = processes.map((child) => once(child, "exit"))
  for (const child of processes) child.disconnect()
  await Promise.all(ended)
  await shop.drop()
})

interface Answer {
  readonly status: number
  readonly text: string
  readonly body: Json
}

let sent = 0
/** Sends to one process and the other in turn. */
async function post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${addresses[sent++ % addresses.length]}${path}`, {
    method: "POST",
    headers: { "x-publishable-api-key": shop.token, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, text, body: JSON.parse(text) as Json }
}

/** Does a work for each, so many at a time as there are connections. */
async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  return results
}

const rowOf = ({ status, text, body }: Answer, key: string): Row => {
  if (status !== 200) throw new Error(`Refused with ${status}: ${text}`)
  return body[key] as Row
}

/** A buyer's way to the last step, through both processes. */
async function readyCart(variant: string, buyer: number): Promise<string> {
  const items = [{ variant_id: variant, quantity: 1 }]
  const body = { region_id: shop.europe, email: `buyer-${buyer}@example.com`, items, shipping_address: berlin }
  const { id } = rowOf(await post("/store/carts", body), "cart")
  rowOf(await post(`/store/carts/${id}/shipping-methods`, { option_id: shop.shippingOption }), "cart")
  const collection = rowOf(await post("/store/payment-collections", { cart_id: id }), "payment_collection")
  const url = `/store/payment-collections/${collection.id}/payment-sessions`
  rowOf(await post(url, { provider_id: "pp_system_default" }), "payment_collection")
  return id
}

/** What is in the books of what was made of these carts. */
async function booksOf(cartIds: readonly string[], inventoryItem: string): Promise<Json> {
  const [books] = await shop.composition.database.sql<Json>(
    `with placed as (select id from "order"."order" where cart_id = any($1::text[])),
      levels as (select * from "inventory"."inventory_level" where inventory_item_id = $2)
    select (select count(*)::int from placed) as orders,
      (select count(*)::int from "payment"."payment" p
        join link.order_payment_collection l on l.payment_collection_id = p.payment_collection_id
        join placed on placed.id = l.order_id) as payments,
      (select count(*)::int from "cart"."cart" where id = any($1::text[]) and completed_at is not null) as completed,
      (select sum(quantity)::int from "inventory"."reservation" where inventory_item_id = $2) as reservations,
      (select sum(stocked_quantity)::int from levels) as stocked,
      (select sum(reserved_quantity)::int from levels) as reserved`,
    [cartIds, inventoryItem],
  )
  return books as Json
}

describe("two processes over one database", () => {
  it("sell a hundred pieces to three hundred buyers: each once, and no more", async () => {
    const { variant, inventoryItem } = await addProduct(shop, { title: "Hot", stock: 100 })
    const buyers = Array.from({ length: 300 }, (_, buyer) => buyer)
    const carts = await each(buyers, (buyer) => readyCart(variant, buyer))

    const answers = await each(carts, (id) => post(`/store/carts/${id}/complete`))

    const placed = answers.filter(({ status }) => status === 200)
    const refused = answers.filter(({ status }) => status !== 200)
    expect([placed.length, refused.length]).toEqual([100, 200])
    expect(placed.map(({ body }) => body["type"])).toEqual(placed.map(() => "order"))
    expect(refused.map(({ status, body: { type, code } }) => [status, type, code])).toEqual(
      refused.map(() => [400, "not_allowed", "insufficient_inventory"]),
    )
    expect(new Set(placed.map(({ body }) => (body["order"] as Row).id)).size).toBe(100)
    expect(new Set(placed.map(({ body }) => (body["order"] as Row)["display_id"])).size).toBe(100)
    expect(await booksOf(carts, inventoryItem)).toEqual({
      orders: 100,
      payments: 100,
      completed: 100,
      reservations: 100,
      stocked: 100,
      reserved: 100,
    })
  }, 120_000)

  it("make one order of a cart that twenty complete at once, and tell all of it", async () => {
    const { variant, inventoryItem } = await addProduct(shop, { stock: 50 })
    const id = await readyCart(variant, 0)

    const answers = await Promise.all(Array.from({ length: 20 }, () => post(`/store/carts/${id}/complete`)))

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await booksOf([id], inventoryItem)).toEqual({
      orders: 1,
      payments: 1,
      completed: 1,
      reservations: 1,
      stocked: 50,
      reserved: 1,
    })
  })

  it("make one line of what is added at once", async () => {
    const guest: Visitor = visitor(shop)
    const [variant] = [shop.lamp.variants[0]?.id]
    const { id } = await guest.cart()

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(`/store/carts/${id}/line-items`, { variant_id: variant, quantity: 1 })),
    )
    const { body } = await guest.get(`/store/carts/${id}`)

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(list(body["cart"] as Json, "items").map(({ quantity }) => quantity)).toEqual([5])
  })

  it("do what has one key once, whichever is asked", async () => {
    const guest: Visitor = visitor(shop)
    const { id } = await guest.cart()
    const add = () =>
      post(
        `/store/carts/${id}/line-items`,
        { variant_id: shop.lamp.variants[0]?.id, quantity: 1 },
        { "idempotency-key": "both" },
      )

    const answers = await Promise.all(Array.from({ length: 10 }, add))
    const late = [await add(), await add()]
    const { body } = await guest.get(`/store/carts/${id}`)

    expect(answers.filter(({ status }) => ![200, 409].includes(status))).toEqual([])
    expect(late.map(({ status, text }) => [status, text])).toEqual(
      late.map(() => [200, answers.find(({ status }) => status === 200)?.text]),
    )
    expect(list(body["cart"] as Json, "items").map(({ quantity }) => quantity)).toEqual([1])
  })
})
