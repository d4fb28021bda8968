import {
  parse,
  rethrowConstraint,
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
import { InventoryItem, InventoryLevel } from "./item.entity.ts"
import { ItemInUse, ItemSkuTaken } from "./item.errors.ts"
import { InventoryItemCreated, InventoryItemDeleted, InventoryItemUpdated } from "./item.events.ts"
import { inventoryItemResource } from "./item.resources.ts"
import { CreateInventoryItem, CreateInventoryItems, UpdateInventoryItem } from "./item.schema.ts"
import { lockItems, lockItemsThere } from "./lock-items.ts"

const view = { "*": true, locationLevels: true } as const

/** An item with its levels. */
export type InventoryItemView = Selected<InventoryItem, typeof view>

/** What is counted. */
export class InventoryItemService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {ItemSkuTaken} {@link InvalidInput} */
  async create(input: CreateInventoryItem): Promise<InventoryItemView> {
    const [made] = await this.createMany([parse(CreateInventoryItem, input)])
    return made as InventoryItemView
  }

  /**
   * All of them with their levels or none, in four statements whatever their number; answered in order.
   *
   * @throws {ItemSkuTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateInventoryItems): Promise<InventoryItemView[]> {
    return this.#db.transaction(async () => {
      const ids = await this.addMany(inputs)
      if (ids.length === 0) return []
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const page = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return page.rows
    })
  }

  /**
   * Like {@link createMany}, in three statements: what was made is not read.
   *
   * @returns the ids, in order.
   */
  async addMany(inputs: CreateInventoryItems): Promise<string[]> {
    const data = parse(CreateInventoryItems, inputs)
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      const given = data.map(({ locationLevels, ...fields }) => ({ locationLevels, fields }))
      const rows = given.map(({ fields }) => fields)
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db.insertRows(InventoryItem, rows).catch(taken(rows.map(({ sku }) => sku)))
      const levels = given.flatMap(({ locationLevels }, index) =>
        locationLevels.map((level) => ({ ...level, inventoryItem: ids[index] as string })),
      )
      await this.#db.insertRows(InventoryLevel, levels)
      await this.#tell(InventoryItemCreated, ids)
      return ids
    })
  }

  /** @throws {NotFound} {@link ItemSkuTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateInventoryItem): Promise<InventoryItemView> {
    const data = parse(UpdateInventoryItem, input)
    return this.#db.transaction(async () => {
      await lockItems(this.#db, [id])
      await this.#db.updateRows(InventoryItem, [{ ...data, id }]).catch(taken([data.sku ?? null]))
      await this.#tell(InventoryItemUpdated, [id])
      return this.get(id)
    })
  }

  /** @throws {NotFound} {@link ItemInUse} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /**
   * Deletes items with their levels, all or none, in three statements. Variants that are made of one of them alone are
   * made of nothing then, and refused by `reserve`.
   *
   * @throws {NotFound} when one of them does not exist.
   * @throws {ItemInUse} when one of them is reserved, or part of a variant that has other items too.
   */
  async deleteMany(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(parse(Ids, ids))]
    if (wanted.length === 0) return
    await this.#db.transaction(async () => {
      await lockItems(this.#db, wanted)
      const [row] = await this.#db.sql<{ reserved: string; variants: string }>(deleteItems, [
        wanted,
        new Date().toISOString(),
      ])
      const { reserved = "[]", variants = "[]" } = row ?? {}
      const [used, parts] = [JSON.parse(reserved) as string[], JSON.parse(variants) as string[]]
      if (used.length > 0 || parts.length > 0) throw new ItemInUse(used, parts)
      await this.#tell(InventoryItemDeleted, wanted)
    })
  }

  /**
   * Deletes those items that are part of no variant and not reserved, with their levels, in three statements; others, and
   * those that do not exist, are passed over.
   *
   * @returns the ids of those that were deleted.
   */
  async deleteUnused(ids: readonly string[]): Promise<string[]> {
    const wanted = [...new Set(parse(Ids, ids))]
    if (wanted.length === 0) return []
    return this.#db.transaction(async () => {
      const there = await lockItemsThere(this.#db, wanted)
      const rows = await this.#db.sql<{ id: string }>(deleteUnusedItems, [there, new Date().toISOString()])
      const deleted = rows.map(({ id }) => id)
      await this.#tell(InventoryItemDeleted, deleted)
      return deleted
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<InventoryItemView> {
    return this.#query.get(inventoryItemResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<InventoryItem> } = {}): Promise<Page<InventoryItemView>> {
    return this.#query.list(inventoryItemResource, { ...options, fields: view })
  }

  #tell(event: EventDefinition<typeof InventoryItemCreated.payload>, ids: readonly string[]): Promise<void> {
    return this.#events.emitMany(
      event,
      ids.map((id) => ({ id })),
    )
  }
}

const taken = (skus: readonly (string | null)[]) =>
  rethrowConstraint({ inventory_item_sku_unique: () => new ItemSkuTaken(skus.filter((sku) => sku !== null)) })

/** Its snapshot is younger than the locks on the items: no level and no part of a variant is missed. */
const deleteItems = `
with level as materialized (
  select id, inventory_item_id, reserved_quantity from "inventory"."inventory_level"
  where inventory_item_id = any($1::text[]) and deleted_at is null order by id for update
), part as materialized (
  select id, variant_id from "inventory"."variant_inventory_item"
  where inventory_item_id = any($1::text[]) and deleted_at is null order by id for update
), used as materialized (
  select distinct inventory_item_id as id from level where reserved_quantity > 0
), kit as materialized (
  select distinct variant_id as id from part where exists (
    select 1 from "inventory"."variant_inventory_item" other where other.variant_id = part.variant_id
      and other.deleted_at is null and other.inventory_item_id <> all($1::text[])
  )
), ok as (
  select 1 where not exists (select 1 from used) and not exists (select 1 from kit)
), gone_levels as (
  update "inventory"."inventory_level" row set deleted_at = $2::timestamptz from level
  where row.id = level.id and exists (select 1 from ok)
), gone_parts as (
  update "inventory"."variant_inventory_item" row set deleted_at = $2::timestamptz from part
  where row.id = part.id and exists (select 1 from ok)
), gone as (
  update "inventory"."inventory_item" row set deleted_at = $2::timestamptz
  where row.id = any($1::text[]) and exists (select 1 from ok)
)
select (select coalesce(json_agg(id order by id), '[]') from used)::text as reserved,
  (select coalesce(json_agg(id order by id), '[]') from kit)::text as variants`

/** Like {@link deleteItems}, for items that nothing is made of and nobody waits for. */
const deleteUnusedItems = `
with level as materialized (
  select id, inventory_item_id, reserved_quantity from "inventory"."inventory_level"
  where inventory_item_id = any($1::text[]) and deleted_at is null order by id for update
), unused as materialized (
  select id from "inventory"."inventory_item" item where id = any($1::text[])
    and not exists (select 1 from level where level.inventory_item_id = item.id and level.reserved_quantity > 0)
    and not exists (select 1 from "inventory"."variant_inventory_item" part
      where part.inventory_item_id = item.id and part.deleted_at is null)
), gone_levels as (
  update "inventory"."inventory_level" row set deleted_at = $2::timestamptz from level
  where row.id = level.id and level.inventory_item_id in (select id from unused)
)
update "inventory"."inventory_item" row set deleted_at = $2::timestamptz from unused
where row.id = unused.id returning row.id`
