import type { PoolClient } from "pg"
import type { QueryAnswer } from "./client.ts"

type Send = (text: string, values?: readonly unknown[]) => Promise<QueryAnswer>

/** The part of a socket that gathers what is written. */
interface Gathering {
  cork(): void
  uncork(): void
}

export const streamOf = (client: PoolClient): Gathering =>
  (client as unknown as { connection: { stream: Gathering } }).connection.stream

/** A commit was asked for and the transaction had failed before: nothing was written. */
export class TransactionFailed extends Error {
  readonly code = "25P02"
  constructor() {
    super("The transaction had failed already, and was rolled back")
  }
}

/** Whether a statement of the ORM begins a transaction. */
export const isBegin = (text: string): boolean => text === "begin" || text.startsWith("start transaction")

const nothing: QueryAnswer = { rows: [], rowCount: 0, command: "" }

/**
 * Sends statements of one connection in as few writes as can be, because a write costs more than most statements: a
 * transaction begins with its first statement, and statements that are asked for at the same moment go together.
 */
export class SentTogether {
  readonly #send: Send
  readonly #stream: Gathering | undefined
  #begin: string | undefined

  /** @param stream of a connection that takes statements while others are under way; without one, each waits. */
  constructor(send: Send, stream: Gathering | undefined) {
    this.#send = send
    this.#stream = stream
  }

  async query(text: string, values?: readonly unknown[]): Promise<QueryAnswer> {
    if (isBegin(text)) {
      this.#begin = text
      return nothing
    }
    const begin = this.#begin
    this.#begin = undefined
    if (begin !== undefined && (text === "commit" || text === "rollback")) return nothing
    this.#gather()
    const begun = begin === undefined ? undefined : this.#send(begin)
    const answered = this.#send(text, values)
    const [answer] = await Promise.all([answered, begun])
    // What failed may have been sent along with the commit, which then answers that it did the opposite.
    if (text === "commit" && answer.command === "ROLLBACK") throw new TransactionFailed()
    return answer
  }

  /** What is written until the microtasks that are due have run goes out at once. */
  #gather(): void {
    const stream = this.#stream
    if (stream === undefined) return
    stream.cork()
    process.nextTick(() => stream.uncork())
  }
}
