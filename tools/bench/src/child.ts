import { fork, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"

/** A server under load, in a process of its own. */
export interface Child {
  readonly address: string
  /** Microseconds of CPU that it has used so far. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

export async function startChild(file: string, args: readonly string[]): Promise<Child> {
  const child: ChildProcess = fork(join(import.meta.dirname, file), args, {
    execArgv: ["--conditions=@marquetry/source", "--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  const [{ address }] = (await once(child, "message")) as [{ address: string }]
  return {
    address,
    cpu: async () => {
      child.send({})
      const [{ cpu }] = (await once(child, "message")) as [{ cpu: NodeJS.CpuUsage }]
      return cpu.user + cpu.system
    },
    stop: async () => {
      child.kill("SIGKILL")
      await once(child, "exit")
    },
  }
}
