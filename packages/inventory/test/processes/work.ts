import { once } from "node:events"
import { startInventory, type Inventory } from "../../src/index.ts"

/** What a process does: connects, says that it is ready, waits for the word, works, prints an answer and ends. */
export async function work(url: string | undefined, run: (inventory: Inventory) => Promise<unknown>): Promise<void> {
  const inventory = await startInventory({ database: url, events: { relay: false } })
  // Opens the connections and compiles what will be sent.
  await Promise.all(Array.from({ length: 10 }, () => inventory.availability.ofItems(["iitem_none"])))
  console.log("ready")
  await once(process.stdin, "data")
  console.log(JSON.stringify(await run(inventory)))
  await inventory.close()
}

/** The codes of refusals. What is no refusal of ours comes with its message. */
export const codeOf = (error: unknown): string => {
  const { code, kind, message } = error as { code?: string; kind?: string; message?: string }
  return kind === undefined ? `${String(code)} ${String(message)}` : String(code)
}
