import pg from "pg"
import { Shopper } from "./journey.ts"
import { header, loadCells, loadHeader, measure, row } from "./measure.ts"
import { openStage, type Stage } from "./stage.ts"

export interface HotOptions {
  readonly buyers: number
  readonly stock: number
  readonly connections: number
}

/**
 * Many who want the same thing, of which there is not enough for all, through two processes. All carts are ready to be paid
 * for when the first is completed.
 *
 * @throws when there are more or fewer orders than pieces, or a refusal that does not say why.
 */
export async function benchHot({ buyers, stock, connections }: HotOptions): Promise<void> {
  const stage = await openStage({ products: 20, stock, promotion: false }, 2)
  try {
    const [wanted = ""] = stage.shop.variantIds
    const shoppers = Array.from({ length: connections }, (_, index) => {
      return new Shopper(stage.servers[index % 2]?.address ?? "", stage.shop)
    })
    const carts: string[] = []
    await eachInTurn(shoppers, buyers, async (shopper) => {
      const id = await shopper.startCart(wanted)
      await shopper.prepare(id)
      carts.push(id)
    })
    const answers = new Map<string, number>()
    const done = await measure(stage, async () => {
      await eachInTurn(shoppers, buyers, async (shopper) => {
        const answer = await shopper.complete(carts.pop() ?? "")
        const { type, code } = JSON.parse(answer.text()) as { type: string; code?: string }
        const what = `${answer.status} ${code ?? type}`
        answers.set(what, (answers.get(what) ?? 0) + 1)
      })
      return answers.get("200 order") ?? 0
    })
    for (const shopper of shoppers) shopper.leave()
    process.stdout.write(`\nhot: ${buyers} buyers of ${stock} pieces, 2 processes\n\n${header(loadHeader)}`)
    process.stdout.write(row(loadCells(connections, done)))
    process.stdout.write(`\n${[...answers].map(([what, count]) => `${what}: ${count}`).join(", ")}\n`)
    await assertAllSold(stage, stock, done.operations)
  } finally {
    await stage.close()
  }
}

/** Shares `count` pieces of work among workers, each of which does one after the other. */
async function eachInTurn<Worker>(
  workers: readonly Worker[],
  count: number,
  work: (worker: Worker) => Promise<void>,
): Promise<void> {
  let left = count
  await Promise.all(
    workers.map(async (worker) => {
      while (left-- > 0) await work(worker)
    }),
  )
}

async function assertAllSold({ url }: Stage, stock: number, answered: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ orders: number; reserved: number }>(
    `select (select count(*)::int from "order"."order") as orders,
       (select sum(reserved_quantity)::int from inventory.inventory_level) as reserved`,
  )
  await client.end()
  const [{ orders, reserved }] = rows as [{ orders: number; reserved: number }]
  if (orders !== stock || reserved !== stock || answered !== stock) {
    throw new Error(`${stock} pieces: ${answered} answers, ${orders} orders, ${reserved} reserved`)
  }
}
