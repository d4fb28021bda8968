import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"

/** Another process of the same shop, that works on its own connections. */
export interface Child {
  /** Has it do its work once: what it answers, or `undefined` when it died before. */
  readonly work: (input?: unknown) => Promise<unknown>
  readonly kill: () => void
  /** Lets it end, and tells the signal that ended it, if one did. */
  readonly end: () => Promise<NodeJS.Signals | null>
}

/** Starts a file beside this one, and resolves when it is connected and waits. */
export async function startChild(file: string, ...args: string[]): Promise<Child> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "--conditions=@marquetry/source --disable-warning=ExperimentalWarning" },
  })
  // One that was killed reads no more.
  child.stdin.on("error", () => {})
  const ended = once(child, "close").then(([, signal]) => signal as NodeJS.Signals | null)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => ((await lines.next()) as { value?: string }).value
  const ready = await next()
  if (ready !== "ready") throw new Error(`${file} did not start: ${String(ready)}`)
  return {
    work: async (input = null) => {
      child.stdin.write(`${JSON.stringify(input)}\n`)
      const answer = await next()
      return answer === undefined ? undefined : JSON.parse(answer)
    },
    kill: () => void child.kill("SIGKILL"),
    end: () => {
      child.stdin.end()
      return ended
    },
  }
}
