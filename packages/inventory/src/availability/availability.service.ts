import { parse, type Database } from "@marquetry/kernel"
import { ids as Ids } from "../fields.ts"

/** How many units of a variant can be sold. */
export interface VariantAvailability {
  readonly variantId: string
  /** `null` when nobody said what the variant is made of. Negative while backorders wait. */
  readonly available: number | null
}

/** How many units of an item there are at some locations. */
export interface ItemAvailability {
  readonly inventoryItemId: string
  readonly stocked: number
  readonly reserved: number
  readonly incoming: number
  /** Stocked less reserved: negative while backorders wait. */
  readonly available: number
}

/** What is left. Reservations count until they are released, those that have expired too. */
export class AvailabilityService {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * How many units of variants the locations have together, in one statement: of the items that a variant is made of, the
   * one that is enough for fewest. Answered in order; 0 for items without a level there.
   *
   * @param variantIds at most 10,000.
   * @param locationIds all locations when left out.
   * @throws {InvalidInput}
   */
  async ofVariants(variantIds: readonly string[], locationIds?: readonly string[]): Promise<VariantAvailability[]> {
    const variants = parse(Ids, variantIds)
    const locations = locationIds === undefined ? null : parse(Ids, locationIds)
    if (variants.length === 0) return []
    const rows = await this.#db.sql<{ variant_id: string; available: number }>(ofVariants, [variants, locations])
    const found = new Map(rows.map((row) => [row.variant_id, row.available]))
    return variants.map((variantId) => ({ variantId, available: found.get(variantId) ?? null }))
  }

  /**
   * How many units of items the locations have together, in one statement. Answered in order; zeros where there is nothing.
   *
   * @param inventoryItemIds at most 10,000.
   * @param locationIds all locations when left out.
   * @throws {InvalidInput}
   */
  async ofItems(inventoryItemIds: readonly string[], locationIds?: readonly string[]): Promise<ItemAvailability[]> {
    const items = parse(Ids, inventoryItemIds)
    const locations = locationIds === undefined ? null : parse(Ids, locationIds)
    if (items.length === 0) return []
    const rows = await this.#db.sql<Omit<ItemAvailability, "inventoryItemId"> & { id: string }>(ofItems, [
      items,
      locations,
    ])
    const found = new Map(rows.map(({ id, ...quantities }) => [id, quantities]))
    return items.map((inventoryItemId) => ({ inventoryItemId, ...(found.get(inventoryItemId) ?? nothing) }))
  }
}

const nothing = { stocked: 0, reserved: 0, incoming: 0, available: 0 }

const ofVariants = `
select variant_id,
  -- Rounded down, below zero too, in whole numbers: a quotient of numerics is rounded to some of its digits.
  min((available - mod(mod(available, required) + required, required)) / required)::float8 as available
from (
  select part.variant_id, part.required_quantity::bigint as required,
    coalesce(sum(level.available_quantity), 0)::bigint as available
  from "inventory"."variant_inventory_item" part
  left join "inventory"."inventory_level" level on level.inventory_item_id = part.inventory_item_id
    and ($2::text[] is null or level.location_id = any($2::text[])) and level.deleted_at is null
  where part.variant_id = any($1::text[]) and part.deleted_at is null
  group by part.id
) part group by variant_id`

const ofItems = `
select inventory_item_id as id, sum(stocked_quantity)::float8 as stocked, sum(reserved_quantity)::float8 as reserved,
  sum(incoming_quantity)::float8 as incoming, sum(available_quantity)::float8 as available
from "inventory"."inventory_level"
where inventory_item_id = any($1::text[]) and ($2::text[] is null or location_id = any($2::text[])) and deleted_at is null
group by 1`
