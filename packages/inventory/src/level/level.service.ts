import {
  newId,
  NotFound,
  parse,
  type Database,
  type EventDefinition,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { ids as Ids } from "../fields.ts"
import type { InventoryLevel } from "../item/item.entity.ts"
import { inventoryLevelResource } from "../item/item.resources.ts"
import { lockItems } from "../item/lock-items.ts"
import { LevelInUse, LevelTaken, StockOutOfBounds, type LevelKey } from "./level.errors.ts"
import { InventoryLevelsDeleted, InventoryLevelsUpdated } from "./level.events.ts"
import { AdjustLevels, keyOf, LevelKeys, SetLevels, type AdjustLevel, type SetLevel } from "./level.schema.ts"
import { adjustLevels, deleteLevels, levelsThere, setLevels, type LevelWrite } from "./level.sql.ts"

const view = { "*": true } as const

/** How much of an item is at a location. */
export type InventoryLevelView = Selected<InventoryLevel, typeof view>

interface LevelRow {
  readonly id: string
  readonly inventory_item_id: string
  readonly location_id: string
}

/** What is stocked where. What is reserved is changed by reservations only. */
export class InventoryLevelService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /**
   * Says what is stocked and incoming, and makes levels that there are not: all or none, in three statements.
   *
   * @throws {NotFound} when there is no such item.
   * @throws {StockOutOfBounds} when less would be stocked than is reserved; what waits as backorder does not count.
   * @throws {InvalidInput}
   * @returns the ids of the levels, in order.
   */
  async setMany(inputs: readonly SetLevel[]): Promise<string[]> {
    return this.#write(inputs, "set")
  }

  /**
   * Like {@link setMany}, for levels that there are not yet.
   *
   * @throws {NotFound} when there is no such item.
   * @throws {LevelTaken} when there is one of them, whoever else makes it at that moment.
   * @throws {InvalidInput}
   */
  async createMany(inputs: readonly SetLevel[]): Promise<string[]> {
    return this.#write(inputs, "create")
  }

  /**
   * Like {@link setMany}, for levels that there are.
   *
   * @throws {NotFound} when there is not one of them.
   * @throws {StockOutOfBounds} {@link InvalidInput}
   */
  async updateMany(inputs: readonly SetLevel[]): Promise<string[]> {
    return this.#write(inputs, "update")
  }

  async #write(inputs: readonly SetLevel[], which: LevelWrite): Promise<string[]> {
    const levels = parse(SetLevels, inputs)
    if (levels.length === 0) return []
    return this.#db.transaction(async () => {
      await lockItems(
        this.#db,
        levels.map(({ inventoryItemId }) => inventoryItemId),
      )
      const given = levels.map(({ inventoryItemId, locationId, stockedQuantity, incomingQuantity }) => ({
        id: newId("ilev"),
        inventory_item_id: inventoryItemId,
        location_id: locationId,
        stocked_quantity: stockedQuantity,
        incoming_quantity: incomingQuantity,
      }))
      const values = [JSON.stringify(given), new Date().toISOString(), which]
      const written = await this.#db.sql<LevelRow>(setLevels, values)
      const idOf = new Map(written.map((row) => [keyOf(keyIn(row)), row.id]))
      const refused = levels.filter((level) => !idOf.has(keyOf(level)))
      if (refused.length > 0) await this.#refuse(refused, which)
      const ids = levels.map((level) => idOf.get(keyOf(level)) as string)
      await this.#tell(
        InventoryLevelsUpdated,
        ids,
        levels.map(({ inventoryItemId }) => inventoryItemId),
      )
      return ids
    })
  }

  /**
   * Adds to or takes from what is stocked, all or nothing, in two statements. Adjustments of one level add up.
   *
   * @throws {NotFound} when there is no such level.
   * @throws {StockOutOfBounds} when less would be stocked than is reserved; what waits as backorder does not count.
   * @throws {InvalidInput}
   */
  async adjust(inputs: readonly AdjustLevel[]): Promise<void> {
    const adjustments = parse(AdjustLevels, inputs)
    if (adjustments.length === 0) return
    const asked = adjustments.map(({ inventoryItemId, locationId, adjustment }) => ({
      inventory_item_id: inventoryItemId,
      location_id: locationId,
      adjustment,
    }))
    await this.#db.transaction(async () => {
      const rows = await this.#db.sql<Omit<LevelRow, "id"> & { id: string | null; fits: boolean | null }>(
        adjustLevels,
        [JSON.stringify(asked), new Date().toISOString()],
      )
      const missing = rows.find(({ id }) => id === null)
      if (missing !== undefined) throw noLevel(keyIn(missing))
      const refused = rows.filter(({ fits }) => fits === false)
      if (refused.length > 0) throw new StockOutOfBounds(refused.map(keyIn))
      await this.#tell(
        InventoryLevelsUpdated,
        rows.map(({ id }) => id as string),
        rows.map((row) => row.inventory_item_id),
      )
    })
  }

  /** Deletes levels with what is stocked there, all or none. @throws {NotFound} {@link LevelInUse} while units are reserved. */
  async deleteMany(ids: readonly string[]): Promise<void> {
    await this.#delete(ids, false)
  }

  /** Deletes levels where nothing is stocked, reserved or incoming, all or none. @throws {NotFound} {@link LevelInUse} */
  async deleteEmpty(ids: readonly string[]): Promise<void> {
    await this.#delete(ids, true)
  }

  /** The ids of the levels of items at locations, in order, in one statement. @throws {NotFound} {@link InvalidInput} */
  async idsOf(keys: readonly LevelKey[]): Promise<string[]> {
    const wanted = parse(LevelKeys, keys)
    if (wanted.length === 0) return []
    const rows = await this.#db.sql<LevelRow>(levelsThere, [JSON.stringify(wanted)])
    const ids = new Map(rows.map((row) => [keyOf(keyIn(row)), row.id]))
    return wanted.map((key) => {
      const id = ids.get(keyOf(key))
      if (id === undefined) throw noLevel(key)
      return id
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<InventoryLevelView> {
    return this.#query.get(inventoryLevelResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<InventoryLevel> } = {}): Promise<Page<InventoryLevelView>> {
    return this.#query.list(inventoryLevelResource, { ...options, fields: view })
  }

  async #delete(ids: readonly string[], mustBeEmpty: boolean): Promise<void> {
    const wanted = [...new Set(parse(Ids, ids))]
    if (wanted.length === 0) return
    await this.#db.transaction(async () => {
      const rows = await this.#db.sql<{ id: string; inventory_item_id: string; used: boolean }>(deleteLevels, [
        wanted,
        new Date().toISOString(),
        mustBeEmpty,
      ])
      const found = new Set(rows.map(({ id }) => id))
      const missing = wanted.find((id) => !found.has(id))
      if (missing !== undefined) throw new NotFound("Inventory level", missing)
      const used = rows.filter((row) => row.used)
      if (used.length > 0) throw new LevelInUse(used.map(({ id }) => id))
      await this.#tell(
        InventoryLevelsDeleted,
        wanted,
        rows.map((row) => row.inventory_item_id),
      )
    })
  }

  /** Says why levels were not written. */
  async #refuse(refused: readonly LevelKey[], which: LevelWrite): Promise<never> {
    const keys = refused.map(({ inventoryItemId, locationId }) => ({ inventoryItemId, locationId }))
    if (which === "create") throw new LevelTaken(keys)
    if (which === "update") await this.idsOf(keys)
    throw new StockOutOfBounds(keys)
  }

  #tell(
    event: EventDefinition<typeof InventoryLevelsUpdated.payload>,
    ids: string[],
    inventoryItemIds: string[],
  ): Promise<void> {
    return this.#events.emit(event, { ids, inventoryItemIds: [...new Set(inventoryItemIds)] }, ids[0])
  }
}

const keyIn = (row: Omit<LevelRow, "id">) => ({ inventoryItemId: row.inventory_item_id, locationId: row.location_id })

const noLevel = ({ inventoryItemId, locationId }: { inventoryItemId: string; locationId: string }): NotFound =>
  new NotFound("Inventory level", `${inventoryItemId} at ${locationId}`)
