import { createInterface } from "node:readline"
import type { Composition } from "@marquetry/kernel"
import { httpPayment } from "@marquetry/payment/testing"
import { composeShop, type ShopOptions } from "../shop.ts"

/** The shop of the parent, in this process. */
export function shopOf(url: string | undefined, payments: string | undefined, options: ShopOptions = {}) {
  const providers = payments === undefined ? [] : [httpPayment({ url: payments })]
  return composeShop(url as string, { payment: { providers }, ...options })
}

/** What a process does: says that it is ready, works as often as it is told to, prints each answer, and ends. */
export async function work<Input>(composition: Composition, run: (input: Input) => Promise<unknown>): Promise<void> {
  // Opens the connections.
  await Promise.all(Array.from({ length: 5 }, () => composition.database.sql("select 1")))
  console.log("ready")
  for await (const line of createInterface(process.stdin)) {
    console.log(JSON.stringify((await run(JSON.parse(line) as Input)) ?? null))
  }
  await composition.close()
}

/** The codes of refusals. What is no refusal of ours comes with its message. */
export const codeOf = (error: unknown): string => {
  const { code, kind, message } = error as { code?: string; kind?: string; message?: string }
  return kind === undefined ? `${String(code)} ${String(message)}` : String(code)
}
