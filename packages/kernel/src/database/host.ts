import { TransactionContext, type EntityManager, type TransactionEventArgs } from "@mikro-orm/core"
import type { Kysely } from "kysely"

/** Transactions that a host's own ORM begins and ends, and what of ours waits for their commit. */
export class HostTransactions {
  readonly #em: EntityManager
  readonly #starting = new WeakMap<object, object>()
  readonly #parents = new WeakMap<object, object>()
  readonly #waiting = new WeakMap<object, (() => void)[]>()

  constructor(em: EntityManager) {
    this.#em = em
    // One listener for all of them, from the start: the ORM offers no way to take one back.
    em.getEventManager().registerSubscriber({
      beforeTransactionStart: ({ em, transaction }) => void (transaction && this.#starting.set(em, transaction)),
      afterTransactionStart: ({ em, transaction }) => this.#started(em, transaction as object),
      afterTransactionCommit: (args) => this.#ended(args, true),
      afterTransactionRollback: (args) => this.#ended(args, false),
    })
  }

  /** The host's connections. */
  get client(): Kysely<unknown> {
    return (this.#em.getConnection() as unknown as { getClient(): Kysely<unknown> }).getClient()
  }

  /** The host's transaction under way, if there is one. */
  current<Transaction extends object>(): Transaction | undefined {
    const inside = TransactionContext.getEntityManager(this.#em.name) as EntityManager | undefined
    return (inside ?? this.#em.getContext(false)).getTransactionContext<Transaction>()
  }

  /** Calls back once `transaction`, and those that it is nested in, have committed. */
  afterCommit(transaction: object, callback: () => void): void {
    this.#waiting.set(transaction, [...(this.#waiting.get(transaction) ?? []), callback])
  }

  /** The ORM names the outer transaction before a nested one starts, and the nested one afterwards. */
  #started(em: EntityManager, transaction: object): void {
    const parent = this.#starting.get(em)
    this.#starting.delete(em)
    if (parent !== undefined) this.#parents.set(transaction, parent)
  }

  #ended({ transaction }: TransactionEventArgs, committed: boolean): void {
    const ended = transaction as object
    const callbacks = this.#waiting.get(ended) ?? []
    this.#waiting.delete(ended)
    if (!committed) return
    const parent = this.#parents.get(ended)
    for (const callback of callbacks) {
      if (parent === undefined) callback()
      else this.afterCommit(parent, callback)
    }
  }
}
