import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sources, workspace } from "./examples.ts"

/** The demo shop, as `npm start` makes it on an embedded database, on a free port. */
export interface RunningShop {
  /** What `npm start` tells to export. */
  readonly env: { readonly SHOP: string; readonly KEY: string }
  stop(): Promise<void>
}

/** @throws {Error} with what it printed, when it ends instead of listening. */
export async function startDemoShop(): Promise<RunningShop> {
  const directory = await mkdtemp(join(tmpdir(), "marquetry-guides-"))
  const { PATH = "", NODE_OPTIONS = "" } = process.env
  const main = join(workspace, "apps/backend/src/main.ts")
  const child = spawn(process.execPath, [...sources, main, "--port", "0"], {
    env: { PATH, NODE_OPTIONS, LOG_LEVEL: "warn", DATA_DIR: directory },
  })
  const stop = async () => {
    if (child.exitCode === null && child.kill("SIGTERM")) await once(child, "close")
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const [, SHOP, KEY] = await printed(child, /export SHOP=(\S+) KEY=(\S+)\n/)
    return { env: { SHOP: SHOP as string, KEY: KEY as string }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = ""
    const hear = (data: unknown) => {
      output += String(data)
      const found = pattern.exec(output)
      if (found !== null) resolve(found)
    }
    child.stdout?.on("data", hear)
    child.stderr?.on("data", hear)
    child.once("close", (code) => reject(new Error(`The shop ended with ${code}:\n${output}`)))
  })
}
