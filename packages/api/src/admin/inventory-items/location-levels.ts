import { InventoryLevelService } from "@marquetry/inventory"
import { Database } from "@marquetry/kernel"
import { z } from "zod"
import { batchAnswer, deletion, paramsOf, type AdminVerbs } from "../kit/admin-routes.ts"
import { deletePart } from "../kit/changes.ts"
import { listOfParts } from "../kit/list-of-parts.ts"
import { before } from "../kit/recorded.ts"
import { inventoryItems, inventoryLevels } from "./inventory-item-resources.ts"
import { batchOfItem, batchOfItems, holdLocations, LevelBatch, LevelBatchOfItem, LevelOfItem } from "./level-batches.ts"

const one = "/:id/location-levels/:location_id"
const permissions = (action: string) => [`inventory_level:${action}`]
const anyOfThem = ["create", "update", "delete"].flatMap(permissions)

/** Declares what a merchant does with the levels of items. */
export function declareLevels(verbs: AdminVerbs): void {
  listOfParts(verbs, "/:id/location-levels", {
    of: inventoryItems,
    parts: inventoryLevels,
    owner: "inventory_item_id",
    permissions: permissions("read"),
  })
  verbs.change(
    "/:id/location-levels",
    {
      summary: "Says that an inventory item is kept at a location",
      body: LevelOfItem,
      example: { locationId: "sloc_01", stockedQuantity: 10 },
      permissions: permissions("create"),
      action: "level_created",
    },
    async ({ resolve, params, body }) => {
      await holdLocations({ resolve }, [body])
      const level = { ...body, inventoryItemId: params.id }
      return resolve<InventoryLevelService>(InventoryLevelService).createMany([level])
    },
  )
  verbs.change(
    one,
    {
      summary: "Says how much of an inventory item is stocked at a location, or on its way there",
      description: "Not less than is reserved.",
      body: LevelOfItem.omit({ locationId: true }),
      example: { stockedQuantity: 12 },
      permissions: permissions("update"),
      action: "level_updated",
    },
    ({ resolve, params: { id: inventoryItemId, location_id: locationId }, body }) =>
      resolve<InventoryLevelService>(InventoryLevelService).updateMany([{ ...body, inventoryItemId, locationId }]),
  )
  declareDeletion(verbs)
  declareBatches(verbs)
}

/** What is deleted is a level, which has an id of its own: not the location that the path names. */
function declareDeletion({ verbs }: AdminVerbs): void {
  const schemas = {
    summary: "Says that an inventory item is not kept at a location any more",
    description: "Only where nothing is stocked, reserved or on its way.",
    params: paramsOf(one),
    query: inventoryItems.whole.answer.query,
    response: deletion.extend({ parent: z.looseObject({ id: z.string() }) }),
    versioned: true,
    permissions: permissions("delete"),
  }
  verbs.delete(one, schemas, (context) => {
    const { id: inventoryItemId, location_id: locationId } = context.params
    inventoryItems.whole.answer.check(context)
    return context.resolve<Database>(Database).transaction(async () => {
      const levels = context.resolve<InventoryLevelService>(InventoryLevelService)
      await before(context, inventoryItems, [inventoryItemId])
      const [id = ""] = await levels.idsOf([{ inventoryItemId, locationId }])
      const work = () => levels.deleteEmpty([id])
      const change = { resource: inventoryItems, id: inventoryItemId, action: "level_deleted", work }
      return deletePart(context, { id, object: inventoryLevels.object }, change)
    })
  })
}

function declareBatches({ verbs }: AdminVerbs): void {
  const { answer } = inventoryLevels.whole
  const answered = { query: answer.query, response: batchAnswer, permissions: anyOfThem }
  const description = "All or none. Levels with stock are deleted with `force` only, those with reservations never."
  verbs.post(
    "/:id/location-levels/batch",
    {
      summary: "Makes, changes and deletes levels of an inventory item",
      description,
      ...answered,
      params: paramsOf("/:id"),
      body: LevelBatchOfItem,
      example: { create: [{ locationId: "sloc_01", stockedQuantity: 10 }], delete: ["ilev_01"] },
    },
    (context) => {
      answer.check(context)
      return batchOfItem(context, context.params.id, context.body)
    },
  )
  verbs.post(
    "/location-levels/batch",
    {
      summary: "Makes, changes and deletes levels of inventory items",
      description,
      ...answered,
      body: LevelBatch,
      example: { update: [{ inventoryItemId: "iitem_01", locationId: "sloc_01", stockedQuantity: 12 }] },
    },
    (context) => {
      answer.check(context)
      return batchOfItems(context, context.body)
    },
  )
}
