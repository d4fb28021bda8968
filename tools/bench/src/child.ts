import { fork, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"

/** A server under load, in a process of its own. */
export interface Child {
  readonly address: string
  readonly pid: number
  /** Microseconds of CPU that it has used so far. */
  cpu(): Promise<number>
  /** Sends a question, and waits for what comes next. */
  ask<Answer>(question: string): Promise<Answer>
  stop(): Promise<void>
}

export interface ChildOptions {
  /** A folder for a profile of its CPU; the server must end by itself when it is sent "stop". */
  readonly profiles?: string | undefined
  /** Packages as `npm run build` makes them, and not from their sources. */
  readonly built?: boolean
}

export async function startChild(
  file: string,
  args: readonly string[],
  { profiles, built = false }: ChildOptions = {},
): Promise<Child> {
  const child: ChildProcess = fork(join(import.meta.dirname, file), args, {
    execArgv: [
      ...(built ? [] : ["--conditions=@marquetry/source"]),
      "--disable-warning=ExperimentalWarning",
      ...(profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`]),
    ],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  const ask = async <Answer>(question: string) => {
    child.send(question)
    const [answer] = (await once(child, "message")) as [Answer]
    return answer
  }
  const [{ address }] = (await once(child, "message")) as [{ address: string }]
  return {
    address,
    pid: child.pid as number,
    cpu: async () => {
      const { cpu } = await ask<{ cpu: NodeJS.CpuUsage }>("cpu")
      return cpu.user + cpu.system
    },
    ask,
    stop: async () => {
      if (profiles === undefined) child.kill("SIGKILL")
      else child.send("stop")
      await once(child, "exit")
    },
  }
}
