import type { z } from "zod"

/** Something that happened, declared once by whoever it happens to. */
export interface EventDefinition<Payload extends z.ZodType = z.ZodType> {
  /** Past tense: `order.placed`. Public and permanent; a change of meaning is a new name. */
  readonly name: string
  readonly payload: Payload
}

const NAME = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9_-]*)+$/

/**
 * Declares an event. The payload holds ids and facts as they were then, and grows by optional fields only.
 *
 * @throws {TypeError} when the name is not of the form `order.placed`.
 */
export function defineEvent<Payload extends z.ZodType>(name: string, payload: Payload): EventDefinition<Payload> {
  if (!NAME.test(name)) throw new TypeError(`Event name "${name}" must be of the form "order.placed"`)
  return Object.freeze({ name, payload })
}

/** An event as subscribers get it. */
export interface SentEvent<Payload = unknown> {
  readonly id: string
  readonly name: string
  /** What it is about: events of one aggregate arrive in order. */
  readonly aggregateId: string
  readonly payload: Payload
  readonly emittedAt: Date
}

/** Reacts to an event. It may be called twice for one event: make it harmless. */
export interface Subscriber<Payload = unknown> {
  /** Remembered with each event, so that a retry calls only those that failed. Permanent. */
  readonly name: string
  /** The name of an event, or `*` for all. */
  readonly event: string
  handle(event: SentEvent<Payload>): Promise<void> | void
}

/** Ties a handler to an event, typed by its payload. */
export function subscribe<Payload extends z.ZodType>(
  event: EventDefinition<Payload>,
  name: string,
  handle: (event: SentEvent<z.output<Payload>>) => Promise<void> | void,
): Subscriber {
  return { name, event: event.name, handle: handle as Subscriber["handle"] }
}
