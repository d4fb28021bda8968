import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"

/** Another process of the same shop, that works on its own connections. */
export interface Child<Answer> {
  /** Starts its work, and answers what it printed in the end. */
  readonly work: () => Promise<Answer>
}

/** Starts a file beside this one, and resolves when it is connected and waits. */
export async function startChild<Answer>(file: string, ...args: string[]): Promise<Child<Answer>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "--conditions=@marquetry/source --disable-warning=ExperimentalWarning" },
  })
  const ended = once(child, "close")
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => ((await lines.next()) as { value?: string }).value
  const ready = await next()
  if (ready !== "ready") throw new Error(`${file} did not start: ${String(ready)}`)
  return {
    work: async () => {
      child.stdin.end("go\n")
      const answer = await next()
      await ended
      return JSON.parse(answer ?? "null") as Answer
    },
  }
}
