import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sources, workspace } from "./examples.ts"

/** A shop as `npm start` makes it on an embedded database, on a free port. */
export interface RunningShop {
  /** What guides tell to export. */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** The demo shop, with `SHOP` and `KEY`. @throws {Error} as {@link start} does. */
export async function startDemoShop(): Promise<RunningShop> {
  const { printed, stop } = await start(/export SHOP=(\S+) KEY=(\S+)\n/)
  const [, SHOP = "", KEY = ""] = printed
  return { env: { SHOP, KEY }, stop }
}

/** A shop without anything but a user, with `SHOP` and how that user logs in. @throws {Error} as {@link start} does. */
export async function startEmptyShop(): Promise<RunningShop> {
  const user = { ADMIN_EMAIL: "ada@shop.example", ADMIN_PASSWORD: "correct horse battery" }
  const { printed, stop } = await start(/export SHOP=(\S+)\n/, { DEMO: "false", ...user })
  const [, SHOP = ""] = printed
  return { env: { SHOP, ...user }, stop }
}

/**
 * @param pattern of what it prints once it listens.
 * @throws {Error} with what it printed, when it ends instead of listening.
 */
async function start(pattern: RegExp, variables: Readonly<Record<string, string>> = {}) {
  const directory = await mkdtemp(join(tmpdir(), "marquetry-guides-"))
  const { PATH = "", NODE_OPTIONS = "", NODE_COMPILE_CACHE = "" } = process.env
  const main = join(workspace, "apps/backend/src/main.ts")
  const child = spawn(process.execPath, [...sources, main, "--port", "0"], {
    env: { PATH, NODE_OPTIONS, NODE_COMPILE_CACHE, LOG_LEVEL: "warn", DATA_DIR: directory, ...variables },
  })
  const stop = async () => {
    if (child.exitCode === null && child.kill("SIGTERM")) await once(child, "close")
    await rm(directory, { recursive: true, force: true })
  }
  try {
    return { printed: await matched(child, pattern), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function matched(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
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
