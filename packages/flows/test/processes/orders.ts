import { FulfillmentFlow } from "../../src/index.ts"
import { resolverOf } from "../shop.ts"
import { codeOf, shopOf, work } from "./work.ts"

// Does to orders what it is told, all at once, and answers what each came to: "done", or a code.
const [, , url, payments] = process.argv
const shop = await shopOf(url, payments)
const resolve = resolverOf(shop)

export interface Deed {
  readonly verb: keyof typeof deeds
  readonly id: string
  /** Of lines, to be sent. */
  readonly items?: readonly { readonly id: string; readonly quantity: number }[]
}

const deeds = {
  fulfil: ({ id, items = [] }: Deed) => resolve(FulfillmentFlow).create(id, { items }, null),
}

await work(shop, (told: Deed[]) => Promise.all(told.map((deed) => deeds[deed.verb](deed).then(() => "done", codeOf))))
