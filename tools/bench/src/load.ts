import autocannon from "autocannon"
import type { Child } from "./child.ts"

export interface Measured {
  /** Requests per second. */
  readonly throughput: number
  /** Milliseconds. */
  readonly median: number
  readonly p99: number
  /** Microseconds of the server's CPU per request. */
  readonly cpu: number
}

/** Asks one path again and again. @throws when an answer is not 200. */
export async function load(
  child: Child,
  path: string,
  headers: Record<string, string>,
  connections: number,
  seconds: number,
): Promise<Measured> {
  const before = await child.cpu()
  const result = await autocannon({ url: `${child.address}${path}`, headers, connections, duration: seconds })
  const after = await child.cpu()
  const total = result.requests.total
  if (result.non2xx > 0 || result.errors > 0 || total === 0) {
    throw new Error(`${path}: ${result.non2xx} answers were no success, ${result.errors} requests failed`)
  }
  return {
    throughput: total / result.duration,
    median: result.latency.p50,
    p99: result.latency.p99,
    cpu: (after - before) / total,
  }
}

export const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
