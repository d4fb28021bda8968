import { createTestDatabase, statementsOf } from "@marquetry/kernel/testing"
import { computeTotals, currencyOf, cartTotalNames, lineTotalNames, type ComputedLine } from "@marquetry/money"
import { expect } from "vitest"
import { startCart, type CartLineView, type CartShippingMethodView, type CartView } from "../src/index.ts"

/** Carts in a database of their own, whose relay is silent, so that only the service's statements are counted. */
export async function openCarts() {
  const database = await createTestDatabase()
  const alone = await startCart({ database: database.url, events: { relay: false } })
  await alone.migrate()

  const close = async () => {
    await alone.close()
    await database.drop()
  }
  /** Names of the events of a cart, oldest first. */
  const told = async (id: string): Promise<string[]> => {
    const rows = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return rows.map(({ name }) => name)
  }
  /** Which version of each row of a table there is: a row that is written has another one. */
  const versions = async (table: string): Promise<Record<string, string>> => {
    const rows = await alone.database.sql<{ id: string; version: string }>(
      `select id, xmin::text || ctid::text as version from "cart"."${table}" order by id`,
    )
    return Object.fromEntries(rows.map(({ id, version }) => [id, version]))
  }
  const statements = (work: () => Promise<unknown>): Promise<string[]> => statementsOf(alone.database, work)
  return { ...alone, url: database.url, told, versions, statements, close }
}

export type Carts = Awaited<ReturnType<typeof openCarts>>

/** What came of calls that were made at once. */
export async function outcomes<T>(calls: readonly Promise<T>[]): Promise<{ done: T[]; refused: unknown[] }> {
  const settled = await Promise.allSettled(calls)
  return {
    done: settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    refused: settled.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : [])),
  }
}

/** Holds that each total of a cart, as it was read, is what `computeTotals` makes of what else was read. */
export function expectSettled(cart: CartView): void {
  const shippingMethods = cart.shippingMethods.map((method) => ({ ...method, unitPrice: method.amount, quantity: 1 }))
  const computed = computeTotals({ ...cart, shippingMethods }, currencyOf(cart.currencyCode))

  expect(pick(cart, cartTotalNames)).toEqual(computed.totals)
  expect(cart.items.map(totalsOf)).toEqual(computed.items)
  expect(cart.shippingMethods.map(totalsOf)).toEqual(computed.shippingMethods)
}

function totalsOf(line: CartLineView | CartShippingMethodView): ComputedLine {
  const part = ({ subtotal, total }: { subtotal: string; total: string }) => ({ subtotal, total })
  return {
    totals: pick(line, lineTotalNames),
    adjustments: line.adjustments.map(part),
    taxLines: line.taxLines.map(part),
  }
}

const pick = <Name extends string>(from: Readonly<Record<Name, string>>, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, from[name]])) as Record<Name, string>
