import type { FulfillmentService } from "@marquetry/fulfillment"
import type { FulfillmentFlow } from "./fulfillment-flow.ts"

/** Leaves parcels that are being handed over, or taken back, right now to whoever does it. */
const PATIENCE = 60_000

/** What became of parcels that somebody had left. */
export interface RecoveredFulfillments {
  readonly handedOver: number
  readonly canceled: number
}

/** Finishes what a crash has left between a transaction and its provider. Any number of processes may run it at once. */
export class FulfillmentRecovery {
  readonly #fulfillments: FulfillmentService
  readonly #flow: FulfillmentFlow

  constructor(fulfillments: FulfillmentService, flow: FulfillmentFlow) {
    this.#fulfillments = fulfillments
    this.#flow = flow
  }

  /**
   * Gives parcels to providers that have not taken them, and cancels those that a provider was told to forget. To be called
   * now and then, by a job.
   *
   * @param before when they were made; a minute ago unless said.
   * @throws {AggregateError} in the end, with what kept some from being finished: they are tried again later.
   */
  async run(before = new Date(Date.now() - PATIENCE), signal?: AbortSignal): Promise<RecoveredFulfillments> {
    const result = { handedOver: 0, canceled: 0 }
    const failures: unknown[] = []
    for (const { id, state } of await this.#fulfillments.unfinished(before)) {
      if (signal?.aborted === true) break
      try {
        if (state === "open") await this.#fulfillments.handOver(id)
        else await this.#flow.cancel(null, id)
        result[state === "open" ? "handedOver" : "canceled"]++
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parcels wait for their provider`)
    return result
  }
}
