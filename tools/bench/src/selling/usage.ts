import { readdir, readFile } from "node:fs/promises"

/** The kernel counts CPU in hundredths of a second, whatever its own clock is. */
const TICKS_PER_SECOND = 100

/** Seconds of CPU since they began, by whom. */
export interface Usage {
  readonly servers: number
  readonly postgres: number
  readonly client: number
  /** All that the machine did. */
  readonly machine: number
}

interface Process {
  readonly parent: number
  /** Its own, and of children that have ended. */
  readonly seconds: number
}

async function processOf(pid: number): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined)
  // The name of the program may hold blanks; what follows it does not.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")
  if (fields === undefined) return undefined
  const ticks = fields.slice(11, 15).map(Number)
  return { parent: Number(fields[1]), seconds: ticks.reduce((sum, part) => sum + part, 0) / TICKS_PER_SECOND }
}

/** The postmaster that a backend of Postgres belongs to. @throws when it runs on another machine. */
export async function postmasterOf(backendPid: number): Promise<number> {
  const backend = await processOf(backendPid)
  if (backend === undefined) throw new Error("Postgres runs elsewhere: its CPU cannot be read")
  return backend.parent
}

/** @param postmaster whose children are Postgres. */
export async function usageNow(servers: readonly number[], postmaster: number): Promise<Usage> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number)
  const all = new Map(await Promise.all(pids.map(async (pid) => [pid, await processOf(pid)] as const)))
  const secondsOf = (wanted: (pid: number, process: Process) => boolean) => {
    const found = [...all].flatMap(([pid, process]) => (process && wanted(pid, process) ? [process.seconds] : []))
    return found.reduce((sum, seconds) => sum + seconds, 0)
  }
  const machine = (await readFile("/proc/stat", "utf8")).split("\n", 1)[0]?.trim().split(/\s+/).slice(1).map(Number)
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = machine ?? []
  return {
    servers: secondsOf((pid) => servers.includes(pid)),
    postgres: secondsOf((pid, { parent }) => pid === postmaster || parent === postmaster),
    client: secondsOf((pid) => pid === process.pid),
    machine: (user + nice + system + irq + softirq) / TICKS_PER_SECOND,
  }
}

export const usageSince = (before: Usage, after: Usage): Usage => ({
  servers: after.servers - before.servers,
  postgres: after.postgres - before.postgres,
  client: after.client - before.client,
  machine: after.machine - before.machine,
})
