import { spawn } from "node:child_process"
import { dirname, delimiter } from "node:path"

export interface Outcome {
  /** `null`: it was killed, having run out of time. */
  readonly code: number | null
  readonly output: string
}

/** Where npm finds its cache and the settings of this machine, such as its registry; it passes them on to its scripts. */
const KEPT = new Set(["npm_config_cache", "npm_config_globalconfig", "npm_config_userconfig"])

/** Whatever else npm sets for its scripts, an npm below would take for its own options. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => KEPT.has(name) || (!/^npm_/i.test(name) && name !== "NODE_OPTIONS" && name !== "INIT_CWD"),
  )
  // The Node that runs this is the one that npm and its like shall run in.
  return { ...Object.fromEntries(kept), PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter) }
}

/** Runs a command to its end. It is killed when it takes longer than `timeout` milliseconds. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env = {}, timeout = 120_000 }: { cwd: string; env?: Record<string, string>; timeout?: number },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout,
      killSignal: "SIGKILL",
    })
    let output = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text))
    }
    child.on("error", reject).on("close", (code) => resolve({ code, output }))
  })
}
