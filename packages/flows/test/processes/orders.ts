import { FulfillmentFlow, OrderFlow, OrderPaymentFlow } from "../../src/index.ts"
import { resolverOf } from "../shop.ts"
import { codeOf, shopOf, work } from "./work.ts"

// Does what it is told, all at once, and answers what each came to: "done", or a code. It may be told to be killed in the
// moment in which it would send its n-th statement.
const [, , url, payments] = process.argv
const shop = await shopOf(url, payments)
const resolve = resolverOf(shop)

/** What is done to an order, or to a payment. */
export interface Deed {
  readonly verb: keyof typeof deeds
  readonly id: string
  /** Of lines, to be sent. */
  readonly items?: readonly { readonly id: string; readonly quantity: number }[]
  readonly amount?: number
}

export interface Orders {
  readonly deeds: readonly Deed[]
  readonly dieAt?: number
}

const deeds = {
  fulfil: ({ id, items = [] }: Deed) => resolve(FulfillmentFlow).create(id, { items }, null),
  cancel: ({ id }: Deed) => resolve(OrderFlow).cancel(id, null),
  capture: ({ id, amount }: Deed) => resolve(OrderPaymentFlow).capture(id, { amount }, null),
  refund: ({ id, amount }: Deed) => resolve(OrderPaymentFlow).refund(id, { amount }, null),
}

await work(shop, (told: Orders) => {
  let sent = 0
  shop.database.statements.subscribe(() => {
    if (++sent === told.dieAt) process.kill(process.pid, "SIGKILL")
  })
  return Promise.all(told.deeds.map((deed) => deeds[deed.verb](deed).then(() => "done", codeOf)))
})
