import { randomUUID } from "node:crypto"
import type { FileService } from "@marquetry/file"
import { ModuleError, type Database, type DependencyContainer, type Events } from "@marquetry/kernel"
import type { NotificationService } from "@marquetry/notification"
import type { BulkError } from "../operation/bulk-operation.entity.ts"
import { GivenUp } from "../operation/bulk-operation.errors.ts"
import { BulkOperationDone, BulkOperationFailed } from "../operation/bulk-operation.events.ts"
import {
  claimOperation,
  endOperation,
  putBack,
  type ClaimedOperation,
  type Ended,
} from "../operation/operation-rows.ts"
import { announce, announcedFile, type AnnouncedFile, type Announcement } from "./announce.ts"
import { Lease } from "./lease.ts"
import type { Running } from "./running.ts"
import { works, type Outcome } from "./work.ts"

/** How operations are taken and tried again. */
export interface BulkPolicy {
  /** Milliseconds after which others take up what a process that died was at. */
  readonly lease: number
  /** How often an operation is begun at most. */
  readonly maxAttempts: number
  /** Milliseconds before the second attempt, doubled for each one after it. */
  readonly backoff: number
  /** Told of what nobody foresaw where there is no caller to throw it to. */
  readonly onError: (error: unknown) => void
}

export interface WorkerServices {
  readonly db: Database
  readonly container: DependencyContainer
  readonly events: Events
  readonly files: FileService
  readonly notifications: NotificationService
  readonly running: Running
}

/** Does what is queued. Any number of processes may have one over the same database: each operation is leased to one. */
export class BulkWorker {
  readonly #services: WorkerServices
  readonly #policy: BulkPolicy
  /** Whether it is at what is due, and whether there may be more by now. */
  #isAwake = false
  #isMore = false

  constructor(services: WorkerServices, policy: BulkPolicy) {
    this.#services = services
    this.#policy = policy
  }

  /** Does all that is due, one after the other, without being waited for. What fails stands in its row. */
  wake(): void {
    this.#isMore = true
    if (!this.#isAwake) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#isAwake = true
    while (this.#isMore) {
      this.#isMore = false
      await this.runAll().catch(this.#policy.onError)
    }
    this.#isAwake = false
  }

  /** Does all that is due, one after the other, until there is nothing more or it is told to stop. */
  async runAll(signal?: AbortSignal): Promise<void> {
    let isMore = true
    while (isMore) isMore = await this.runNext(signal)
  }

  /**
   * Does one operation, from beginning to end, and writes what came of it. One that is told to stop, and one that fails by
   * no fault of its own, is left to whoever comes next.
   *
   * @param signal stops it soon.
   * @returns whether there was one.
   * @throws what nobody foresaw, once it is written down.
   */
  async runNext(signal?: AbortSignal): Promise<boolean> {
    const { db, running } = this.#services
    if (db.inTransaction) throw new Error("An operation would be done in a transaction, and hold it: commit first")
    const stop = signal === undefined ? running.signal : AbortSignal.any([running.signal, signal])
    return stop.aborted ? false : running.track(this.#runNext(stop))
  }

  async #runNext(stop: AbortSignal): Promise<boolean> {
    const { db } = this.#services
    const { lease: length, maxAttempts } = this.#policy
    const claim = randomUUID()
    const operation = await claimOperation(db, claim, length)
    if (operation === undefined) return false
    const lease = new Lease(db, operation.id, claim, length)
    try {
      if (operation.attempts > maxAttempts) throw new GivenUp(maxAttempts)
      const signal = AbortSignal.any([stop, lease.signal])
      const outcome = await works[operation.kind].run(this.#services.container, operation, signal)
      await this.#succeed(operation, claim, outcome)
    } catch (error) {
      if (lease.signal.aborted) return true
      // Stopped, not failed: the attempt does not count.
      if (stop.aborted) await putBack(db, { ...operation, attempts: operation.attempts - 1 }, claim, 0, null)
      else await this.#fail(operation, claim, error)
    } finally {
      lease.end()
    }
    return true
  }

  async #succeed(operation: ClaimedOperation, claim: string, outcome: Outcome): Promise<void> {
    const { summary, description, fileIdOut } = outcome
    const { files } = this.#services
    const file = fileIdOut === undefined ? undefined : await this.#found(fileIdOut)
    const { title } = works[operation.kind]
    const isOurs = await this.#end(
      operation,
      claim,
      { status: "done", summary, fileIdOut: fileIdOut ?? null, error: null },
      { title, description, ...(file !== undefined && { file }) },
    )
    // Another did it meanwhile, and has made a file of its own.
    if (!isOurs && fileIdOut !== undefined) await files.delete(fileIdOut)
  }

  /** What cannot be found by whoever asked for it is made again. */
  async #found(fileId: string): Promise<AnnouncedFile> {
    const { files } = this.#services
    return announcedFile(files, fileId).catch(async (error: unknown) => {
      await files.delete(fileId)
      throw error
    })
  }

  async #fail(operation: ClaimedOperation, claim: string, error: unknown): Promise<void> {
    const { maxAttempts, backoff } = this.#policy
    const isForeseen = ModuleError.is(error)
    const told: BulkError = isForeseen
      ? { code: error.code, message: error.message }
      : { code: "internal", message: "Something went wrong; the log says what" }
    if (!isFinal(error) && operation.attempts < maxAttempts) {
      await putBack(this.#services.db, operation, claim, backoff * 2 ** (operation.attempts - 1), told)
    } else {
      const { title, task } = works[operation.kind]
      const reason = isForeseen ? `: ${error.message}` : ", please try again later."
      const description = `Failed to ${task}${reason}`
      await this.#end(
        operation,
        claim,
        { status: "failed", summary: {}, fileIdOut: null, error: told },
        { title, description },
      )
    }
    if (!isForeseen) throw error
  }

  /** The row decides: of two processes that end an operation one writes it, tells of it and announces it. */
  async #end(operation: ClaimedOperation, claim: string, ended: Ended, announcement: Announcement): Promise<boolean> {
    const { db, events, notifications } = this.#services
    const { id, kind } = operation
    return db.transaction(async () => {
      if (!(await endOperation(db, id, claim, ended))) return false
      await events.emit(ended.status === "done" ? BulkOperationDone : BulkOperationFailed, { id, kind })
      await announce(notifications, operation, announcement)
      return true
    })
  }
}

/** Whether to try again is of no use. A catalogue that changed while it was written can be written again. */
const isFinal = (error: unknown): boolean =>
  ModuleError.is(error) && error.kind !== "unavailable" && error.code !== "export.catalogue_changed"
