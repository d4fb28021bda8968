import { ModuleError } from "@marquetry/kernel"

/** What a line asked for and could not have, in units of the item. */
export interface ShortLine {
  readonly lineItemId: string | null
  /** The variant that the line asked for, where it asked for one. */
  readonly variantId: string | null
  readonly inventoryItemId: string
  readonly requested: number
  /** What is left for the line, after those before it. */
  readonly available: number
}

/** There is less in stock than was asked for. Nothing was reserved. */
export class InsufficientInventory extends ModuleError {
  readonly code = "inventory.insufficient"
  // The wire's contract answers 400.
  readonly kind = "invalid"
  override readonly details: { lines: ShortLine[] }
  constructor(lines: ShortLine[]) {
    const named = lines
      .slice(0, 10)
      .map(({ inventoryItemId, requested, available }) => `${requested} of ${inventoryItemId} (${available} available)`)
    super(`There is not enough in stock: ${named.join(", ")}`)
    this.details = { lines }
  }
}

/** A variant was asked for of which nobody said which items it is made of. */
export class VariantWithoutItems extends ModuleError {
  readonly code = "inventory.variant_without_items"
  readonly kind = "invalid"
  override readonly details: { variantIds: string[] }
  constructor(variantIds: string[]) {
    super(`These variants have no inventory items: ${variantIds.slice(0, 10).join(", ")}`)
    this.details = { variantIds }
  }
}

/** A reservation that should be kept has expired, or was released. Reserve again. */
export class ReservationGone extends ModuleError {
  readonly code = "inventory.reservation_gone"
  readonly kind = "conflict"
  override readonly details: { missing: string[]; expired: string[] }

  /**
   * @param missing what was asked for and is not held: ids of reservations or lines, or an external id.
   * @param expired ids of reservations that are held still, too late.
   */
  constructor(missing: string[], expired: string[]) {
    super(`Reservations have expired or were released: ${[...missing, ...expired].slice(0, 10).join(", ")}`)
    this.details = { missing, expired }
  }
}

/** What a line of a fulfilment asked for, in units of the item; no item where the line has nothing at all. */
export interface OpenLine {
  readonly lineItemId: string
  readonly inventoryItemId: string | null
  readonly requested: number
  readonly available: number
}

const describe = (lines: readonly OpenLine[], there: string) =>
  lines
    .slice(0, 10)
    .map(({ lineItemId, inventoryItemId, requested, available }) => {
      const of = inventoryItemId === null ? "" : ` of ${inventoryItemId}`
      return `${requested}${of} for ${lineItemId} (${available} ${there})`
    })
    .join(", ")

/** More should be fulfilled than is reserved for a line; or of several items that its unit is made of, one is not reserved any more. */
export class NotReserved extends ModuleError {
  readonly code = "inventory.not_reserved"
  readonly kind = "invalid"
  override readonly details: { lines: OpenLine[] }
  constructor(lines: OpenLine[]) {
    super(
      `What is not reserved, there where it leaves from, cannot be fulfilled. Reserve it again: ${describe(lines, "reserved")}`,
    )
    this.details = { lines }
  }
}

/** More should come back than was fulfilled of a line. */
export class NotFulfilled extends ModuleError {
  readonly code = "inventory.not_fulfilled"
  readonly kind = "invalid"
  override readonly details: { lines: OpenLine[] }
  constructor(lines: OpenLine[]) {
    super(`More than was fulfilled cannot come back: ${describe(lines, "fulfilled")}`)
    this.details = { lines }
  }
}

/** A level and how many units it was to give or to take. */
export interface LackingLevel {
  readonly inventoryItemId: string
  readonly locationId: string
  readonly requested: number
  /** What is stocked; `null` for a level that was deleted or cannot count as much. */
  readonly available: number | null
}

/** What is reserved is not there yet, or what comes back has no place. Nothing was done. */
export class StockMissing extends ModuleError {
  readonly code = "inventory.stock_missing"
  readonly kind = "invalid"
  override readonly details: { levels: LackingLevel[] }
  constructor(levels: LackingLevel[]) {
    const named = levels
      .slice(0, 10)
      .map(
        ({ inventoryItemId, locationId, available }) => `${inventoryItemId} at ${locationId} (${available ?? "none"})`,
      )
    super(`The stock does not allow it: ${named.join(", ")}`)
    this.details = { levels }
  }
}
