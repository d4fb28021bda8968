import {
  newId,
  NotFound,
  parse,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { z } from "zod"
import { lockItems } from "../item/lock-items.ts"
import { VariantInventoryItem } from "./variant-item.entity.ts"
import { VariantItemTaken } from "./variant-item.errors.ts"
import { VariantItemsUpdated } from "./variant-item.events.ts"
import { variantInventoryItemResource } from "./variant-item.resources.ts"
import {
  AddVariantItems,
  SetManyVariantItems,
  UpdateVariantItem,
  VariantItemKey,
  VariantItemKeys,
  type AddVariantItem,
  type SetVariantItems,
} from "./variant-item.schema.ts"
import { lockVariants, removeVariantItems, writeVariantItems } from "./variant-item.sql.ts"

const view = { "*": true } as const

/** An item of a variant; `inventoryId` is the item's. */
export type VariantInventoryItemView = Selected<VariantInventoryItem, typeof view>

type Part = z.output<typeof AddVariantItems>[number]

interface ChangedRow {
  readonly variant_id: string
}

/** Which items variants are made of. Variants are known by id only. */
export class VariantInventoryItemService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /**
   * Says all that variants are made of, in four statements. What is so already is not written. Of callers who set the
   * same variant at once, one has the last word.
   *
   * @throws {NotFound} when there is no such item.
   * @throws {InvalidInput}
   */
  async setForVariants(inputs: readonly SetVariantItems[]): Promise<void> {
    const variants = parse(SetManyVariantItems, inputs)
    await this.#write(
      partsOf(variants),
      variants.map(({ variantId }) => variantId),
      [],
    )
  }

  /**
   * Says what new variants are made of, which nobody else can know of yet: in three statements, without waiting for those
   * who change other variants, as {@link setForVariants} may.
   *
   * @throws {VariantItemTaken} when one of them is made of one of its items already.
   * @throws {NotFound} when there is no such item.
   * @throws {InvalidInput}
   */
  async setForNewVariants(inputs: readonly SetVariantItems[]): Promise<void> {
    const parts = partsOf(parse(SetManyVariantItems, inputs))
    if (parts.length === 0) return
    const variantIds = parts.map(({ variantId }) => variantId)
    const taken = { variant_inventory_item_unique: () => new VariantItemTaken([...new Set(variantIds)]) }
    const rows = parts.map(({ inventoryItemId, ...part }) => ({ ...part, inventory: inventoryItemId }))
    await this.#db.transaction(async () => {
      await lockItems(
        this.#db,
        parts.map(({ inventoryItemId }) => inventoryItemId),
      )
      await this.#db.insertRows(VariantInventoryItem, rows).catch(rethrowConstraint(taken))
      await this.#tell(variantIds)
    })
  }

  /**
   * Adds items to variants, or says anew how many units of them are in one, in four statements.
   *
   * @throws {NotFound} when there is no such item.
   * @throws {InvalidInput}
   */
  async addMany(inputs: readonly AddVariantItem[]): Promise<void> {
    const parts = parse(AddVariantItems, inputs)
    await this.#write(
      parts,
      [],
      parts.map(({ variantId }) => variantId),
    )
  }

  /** Says how many units of an item are in one of a variant. @throws {NotFound} when the variant is not made of it. */
  async update(key: VariantItemKey, input: UpdateVariantItem): Promise<VariantInventoryItemView> {
    const { variantId, inventoryItemId } = parse(VariantItemKey, key)
    const { requiredQuantity } = parse(UpdateVariantItem, input)
    return this.#db.transaction(async () => {
      const [row] = await this.#db.sql<{ id: string }>(
        `update "inventory"."variant_inventory_item" set required_quantity = $3::int, updated_at = $4::timestamptz
         where variant_id = $1 and inventory_item_id = $2 and deleted_at is null returning id`,
        [variantId, inventoryItemId, requiredQuantity, new Date().toISOString()],
      )
      if (row === undefined) throw new NotFound("Variant inventory item", `${inventoryItemId} of ${variantId}`)
      await this.#tell([variantId])
      return this.get(row.id)
    })
  }

  /** Removes items from variants; what a variant is not made of is passed over. @throws {InvalidInput} */
  async remove(keys: readonly VariantItemKey[]): Promise<void> {
    const given = parse(VariantItemKeys, keys)
    if (given.length === 0) return
    const wanted = given.map((key) => ({ variant_id: key.variantId, inventory_item_id: key.inventoryItemId }))
    await this.#db.transaction(async () => {
      const rows = await this.#db.sql<ChangedRow>(removeVariantItems, [
        JSON.stringify(wanted),
        new Date().toISOString(),
      ])
      await this.#tell(rows.map((row) => row.variant_id))
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<VariantInventoryItemView> {
    return this.#query.get(variantInventoryItemResource, id, { fields: view })
  }

  async list(
    options: ListOptions & { filter?: Filter<VariantInventoryItem> } = {},
  ): Promise<Page<VariantInventoryItemView>> {
    return this.#query.list(variantInventoryItemResource, { ...options, fields: view })
  }

  /** @param replaced variants that shall have no other items; `extended` ones keep what is not named. */
  async #write(parts: readonly Part[], replaced: readonly string[], extended: readonly string[]): Promise<void> {
    const variantIds = [...new Set([...replaced, ...extended])]
    if (variantIds.length === 0) return
    const given = parts.map(({ variantId, inventoryItemId, requiredQuantity }) => ({
      id: newId("pvitem"),
      variant_id: variantId,
      inventory_item_id: inventoryItemId,
      required_quantity: requiredQuantity,
    }))
    await this.#db.transaction(async () => {
      await this.#db.sql(lockVariants, [variantIds])
      await lockItems(
        this.#db,
        parts.map(({ inventoryItemId }) => inventoryItemId),
      )
      const rows = await this.#db.sql<ChangedRow>(writeVariantItems, [
        JSON.stringify(given),
        replaced,
        new Date().toISOString(),
      ])
      await this.#tell(rows.map((row) => row.variant_id))
    })
  }

  async #tell(variantIds: readonly string[]): Promise<void> {
    const changed = [...new Set(variantIds)]
    if (changed.length > 0) await this.#events.emit(VariantItemsUpdated, { variantIds: changed }, changed[0])
  }
}

const partsOf = (variants: z.output<typeof SetManyVariantItems>): Part[] =>
  variants.flatMap(({ variantId, items }) => items.map((item) => ({ variantId, ...item })))
