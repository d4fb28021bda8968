import { ModuleError } from "@marquetry/kernel"

/** Which level is meant. */
export interface LevelKey {
  readonly inventoryItemId: string
  readonly locationId: string
}

/** A level would have less in stock than is promised, less than nothing, or more than can be counted. */
export class StockOutOfBounds extends ModuleError {
  readonly code = "inventory.stock_out_of_bounds"
  readonly kind = "invalid"
  override readonly details: { levels: LevelKey[] }
  constructor(levels: LevelKey[]) {
    const named = levels.slice(0, 10).map(({ inventoryItemId, locationId }) => `${inventoryItemId} at ${locationId}`)
    super(`The stock would be below what is reserved, or out of bounds: ${named.join(", ")}`)
    this.details = { levels }
  }
}

/** There is a level of the item at that location. */
export class LevelTaken extends ModuleError {
  readonly code = "inventory.level_taken"
  readonly kind = "conflict"
  override readonly details: { levels: LevelKey[] }
  constructor(levels: LevelKey[]) {
    const named = levels.slice(0, 10).map(({ inventoryItemId, locationId }) => `${inventoryItemId} at ${locationId}`)
    super(`There are inventory levels already of ${named.join(", ")}`)
    this.details = { levels }
  }
}

/** A level cannot be deleted: units are reserved there or, where only empty ones are, stocked or incoming. */
export class LevelInUse extends ModuleError {
  readonly code = "inventory.level_in_use"
  readonly kind = "invalid"
  override readonly details: { ids: string[] }
  constructor(ids: string[]) {
    super(`These inventory levels are in use: ${ids.slice(0, 10).join(", ")}`)
    this.details = { ids }
  }
}
