import {
  NotFound,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { MAX_ROWS, quantity as Quantity } from "../fields.ts"
import { fulfil, restock } from "./fulfil.sql.ts"
import { carry } from "./fulfil.ts"
import { Reservation } from "./reservation.entity.ts"
import { moveReservation, type HeldRow } from "./move.ts"
import { NotFulfilled, NotReserved, ReservationGone } from "./reservation.errors.ts"
import {
  ReservationsCreated,
  ReservationsFulfilled,
  ReservationsReleased,
  ReservationsRestocked,
  ReservationUpdated,
} from "./reservation.events.ts"
import { reservationResource } from "./reservation.resources.ts"
import {
  CreateReservation,
  FulfilLines,
  ReservationSelector,
  ReserveStock,
  UpdateReservation,
  type FulfilLine,
} from "./reservation.schema.ts"
import { confirm, release, releaseExpired, type SelectedBy } from "./reservation.sql.ts"
import { reserveStock, type MadeReservation } from "./reserve.ts"

const view = { "*": true } as const

/** A reservation with all its fields. */
export type ReservationView = Selected<Reservation, typeof view>

interface ReleasedRow {
  readonly id: string
  readonly inventory_item_id: string
  readonly line_item_id: string | null
  readonly external_id: string | null
}

interface ConfirmedRow {
  readonly ok: boolean
  readonly ids: string
  readonly keys: string
  readonly expired: string
}

/** What is promised to whom. Correct with any number of callers and processes: the database decides. */
export class ReservationService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /**
   * Reserves all lines or none, in two statements. Of each item it takes what the first location has, then the second;
   * a line may become several reservations. Lines that ask for one item share what there is, in their order, those that
   * allow backorders last; what is not there is owed by the first location that has a level.
   *
   * @throws {InsufficientInventory} when there is too little; an item without a level at these locations has none, and
   * nobody to owe it either.
   * @throws {VariantWithoutItems} {@link InvalidInput}
   */
  async reserve(input: ReserveStock): Promise<MadeReservation[]> {
    const asked = parse(ReserveStock, input)
    if (asked.lines.length === 0) return []
    return this.#db.transaction(async () => {
      const made = await reserveStock(this.#db, asked)
      const facts = {
        ids: made.map(({ id }) => id),
        inventoryItemIds: unique(made.map(({ inventoryItemId }) => inventoryItemId)),
        lineItemIds: unique(made.map(({ lineItemId }) => lineItemId)),
      }
      await this.#events.emit(ReservationsCreated, facts, asked.externalId ?? facts.ids[0])
      return made
    })
  }

  /**
   * Reserves units of one item at one location, as a merchant does: for somebody who called, for a line again. Two
   * statements.
   *
   * @throws {InsufficientInventory} when there is too little; where the item has no level, there is none.
   * @throws {InvalidInput}
   */
  async create(input: CreateReservation): Promise<MadeReservation> {
    const { locationId, createdBy, description, metadata, ...line } = parse(CreateReservation, input)
    const [made] = await this.reserve({ lines: [line], locationIds: [locationId], createdBy, description, metadata })
    return made as MadeReservation
  }

  /**
   * Keeps reservations for good, all or none: their order is placed. To confirm twice is to confirm once.
   *
   * @throws {ReservationGone} when one of them has expired or was released, or a line or external id has none.
   * @returns the ids of the reservations.
   */
  async confirm(which: ReservationSelector): Promise<string[]> {
    const { by, values } = selectorOf(which)
    if (values.length === 0) return []
    return this.#db.transaction(async () => {
      const [row] = await this.#db.sql<ConfirmedRow>(confirm(by), [values, new Date().toISOString()])
      const { ok, ids, keys, expired } = row as ConfirmedRow
      if (ok) return JSON.parse(ids) as string[]
      const found = new Set(JSON.parse(keys) as string[])
      throw new ReservationGone(
        values.filter((value) => !found.has(value)),
        JSON.parse(expired) as string[],
      )
    })
  }

  /**
   * Gives back what is reserved; what was released already, or never was, is passed over.
   *
   * @returns the ids of the reservations that were released now.
   */
  async release(which: ReservationSelector): Promise<string[]> {
    const { by, values } = selectorOf(which)
    if (values.length === 0) return []
    return this.#giveBack(release(by), values, false)
  }

  /**
   * Releases reservations that have expired: one batch, which any number of processes may call at once. Call it again
   * while it answers `limit`.
   *
   * @param limit the most to release.
   * @returns how many were released.
   */
  async releaseExpired(limit = 500): Promise<number> {
    const released = await this.#giveBack(releaseExpired, parse(Quantity.max(MAX_ROWS), limit), true)
    return released.length
  }

  async #giveBack(statement: string, value: unknown, expired: boolean): Promise<string[]> {
    return this.#db.transaction(async () => {
      const rows = await this.#db.sql<ReleasedRow>(statement, [value, new Date().toISOString()])
      const ids = rows.map(({ id }) => id)
      if (ids.length === 0) return ids
      const facts = {
        ids,
        inventoryItemIds: unique(rows.map((row) => row.inventory_item_id)),
        lineItemIds: unique(rows.map((row) => row.line_item_id)),
        expired,
      }
      await this.#events.emit(ReservationsReleased, facts, rows[0]?.external_id ?? ids[0])
      return ids
    })
  }

  /**
   * Takes units of lines from what is reserved and stocked, all lines or none, in two statements: they leave. A line that
   * was reserved as a variant is counted in units of the variant. What is fulfilled does not expire any more.
   *
   * @throws {NotReserved} when more is asked for than is reserved, at that location where one is named; or when of a line's items
   * one is not reserved there, and another is.
   * @throws {StockMissing} when units are reserved as backorder and not there yet.
   * @throws {InvalidInput}
   */
  async fulfil(inputs: readonly FulfilLine[]): Promise<void> {
    const lines = parse(FulfilLines, inputs)
    if (lines.length === 0) return
    await this.#db.transaction(async () => {
      const ids = await carry(this.#db, fulfil, lines, NotReserved)
      const lineItemIds = lines.map(({ lineItemId }) => lineItemId)
      await this.#events.emit(ReservationsFulfilled, { ids, lineItemIds }, lineItemIds[0])
    })
  }

  /**
   * Puts units that were fulfilled back into stock and reservation, all lines or none, in two statements: for a
   * fulfilment that is cancelled. What was fulfilled last comes back first.
   *
   * @throws {NotFulfilled} when more would come back than has left, to that location where one is named.
   * @throws {StockMissing} when the level was deleted.
   * @throws {InvalidInput}
   */
  async restock(inputs: readonly FulfilLine[]): Promise<void> {
    const lines = parse(FulfilLines, inputs)
    if (lines.length === 0) return
    await this.#db.transaction(async () => {
      const ids = await carry(this.#db, restock, lines, NotFulfilled)
      const lineItemIds = lines.map(({ lineItemId }) => lineItemId)
      await this.#events.emit(ReservationsRestocked, { ids, lineItemIds }, lineItemIds[0])
    })
  }

  /**
   * Changes the quantity, in units of the item, the location or what is said about it.
   *
   * @throws {NotFound} when there is no such reservation, or it was released.
   * @throws {InsufficientInventory} {@link InvalidInput}
   */
  async update(id: string, input: UpdateReservation): Promise<ReservationView> {
    const { quantity: wanted, locationId, ...said } = parse(UpdateReservation, input)
    return this.#db.transaction(async () => {
      const [held] = await this.#db.sql<HeldRow>(
        `select inventory_item_id, location_id, quantity::float8 as quantity, allow_backorder
         from "inventory"."reservation" where id = $1 and deleted_at is null for update`,
        [id],
      )
      if (held === undefined) throw new NotFound("Reservation", id)
      const next = { quantity: wanted ?? held.quantity, locationId: locationId ?? held.location_id }
      await moveReservation(this.#db, held, next)
      await this.#db.updateRows(Reservation, [{ id, ...next, ...said }])
      await this.#events.emit(ReservationUpdated, { id })
      return this.get(id)
    })
  }

  /** @throws {NotFound} when there is none with that id, or it was released or fulfilled. */
  async get(id: string): Promise<ReservationView> {
    return this.#query.get(reservationResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Reservation> } = {}): Promise<Page<ReservationView>> {
    return this.#query.list(reservationResource, { ...options, fields: view })
  }
}

function selectorOf(which: ReservationSelector): { by: SelectedBy; values: string[] } {
  const given = parse(ReservationSelector, which)
  if ("ids" in given) return { by: "ids", values: unique(given.ids) }
  if ("lineItemIds" in given) return { by: "lineItemIds", values: unique(given.lineItemIds) }
  return { by: "externalId", values: [given.externalId] }
}

const unique = (values: readonly (string | null)[]) => [...new Set(values.filter((value) => value !== null))]
