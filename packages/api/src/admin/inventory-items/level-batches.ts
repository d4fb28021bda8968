import type { HandlerContext, RawJson } from "@marquetry/http"
import { InventoryLevelService, SetLevel } from "@marquetry/inventory"
import { Database, NotFound, Query } from "@marquetry/kernel"
import { z } from "zod"
import { MAX_BATCH } from "../kit/admin-routes.ts"
import { doBatch } from "../kit/changes.ts"
import { holdThere } from "../kit/link-changes.ts"
import { before, hold } from "../kit/recorded.ts"
import type { Staff } from "../kit/staff.guard.ts"
import { inventoryItems, inventoryLevels } from "./inventory-item-resources.ts"

/** What is stocked of the item that the path names. */
export const LevelOfItem = SetLevel.omit({ inventoryItemId: true })

const levelId = z.string().max(200)
/** What is to be changed is named by its location; an id that is sent along must be that level's. */
const sentAlong = { id: levelId.optional() }

const batchOf = <Create extends z.ZodType, Update extends z.ZodType>(create: Create, update: Update) =>
  z.strictObject({
    create: z.array(create).max(MAX_BATCH).default([]),
    update: z.array(update).max(MAX_BATCH).default([]),
    delete: z.array(levelId).max(MAX_BATCH).default([]),
    /** Whether levels may be deleted with what is stocked there. Never with what is reserved. */
    force: z.boolean().default(false),
  })

export const LevelBatch = batchOf(SetLevel, SetLevel.extend(sentAlong))
export const LevelBatchOfItem = batchOf(LevelOfItem, LevelOfItem.extend(sentAlong))

type Batch = z.output<typeof LevelBatch>
type Context = Omit<HandlerContext<Staff, undefined, undefined, undefined>, "query" | "params" | "body"> & {
  readonly query: unknown
}

/** Makes, changes and deletes levels of an item, all or none, if it is at the version that is meant. */
export function batchOfItem(
  context: Context,
  inventoryItemId: string,
  { create, update, ...batch }: z.output<typeof LevelBatchOfItem>,
): Promise<RawJson> {
  return context.resolve<Database>(Database).transaction(async () => {
    await before(context, inventoryItems, [inventoryItemId])
    await assertLevelsOf(context, inventoryItemId, batch.delete)
    const named = <Part extends object>(level: Part) => ({ ...level, inventoryItemId })
    return writeBatch(context, { ...batch, create: create.map(named), update: update.map(named) })
  })
}

/** Makes, changes and deletes levels of any items, all or none. */
export function batchOfItems(context: Context, batch: Batch): Promise<RawJson> {
  return context.resolve<Database>(Database).transaction(async () => {
    // Locks are taken in this order: items, locations, reservations, levels.
    const ids = [...batch.create, ...batch.update].map(({ inventoryItemId }) => inventoryItemId)
    await hold(context, inventoryItems, [...new Set(ids)])
    return writeBatch(context, batch)
  })
}

async function writeBatch(context: Context, { create, update, delete: gone, force }: Batch): Promise<RawJson> {
  const levels = context.resolve<InventoryLevelService>(InventoryLevelService)
  await holdLocations(context, create)
  const changed = update.map(({ id, ...level }) => ({ sent: id, level }))
  const ids = await levels.idsOf(
    changed.map(({ level: { inventoryItemId, locationId } }) => ({ inventoryItemId, locationId })),
  )
  const other = changed.find(({ sent }, index) => sent !== undefined && sent !== ids[index])
  if (other?.sent !== undefined) throw new NotFound("Inventory level", other.sent)
  return doBatch(context, {
    resource: inventoryLevels,
    batch: { create, update: changed.map(({ level }, index) => ({ level, id: ids[index] as string })), delete: gone },
    idOf: ({ id }) => id,
    work: async (batch) => {
      await (force ? levels.deleteMany(batch.delete) : levels.deleteEmpty(batch.delete))
      await levels.updateMany(batch.update.map(({ level }) => level))
      return levels.createMany(batch.create)
    },
  })
}

/** Holds the locations of new levels: none is deleted while something comes to be kept there. @throws {NotFound} */
export function holdLocations(
  context: Pick<Context, "resolve">,
  levels: readonly { readonly locationId: string }[],
): Promise<void> {
  return holdThere(context, "stock_location", [...new Set(levels.map(({ locationId }) => locationId))])
}

async function assertLevelsOf({ resolve }: Context, inventoryItemId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const read = { fields: { id: true }, filter: { id: ids, inventoryItemId }, limit: ids.length, count: false } as const
  const { rows } = await resolve<Query>(Query).listAny("inventory_level", read)
  const found = new Set(rows.map(({ id }) => id))
  const missing = ids.find((id) => !found.has(id))
  if (missing !== undefined) throw new NotFound("Inventory level", missing)
}
