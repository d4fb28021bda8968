import { compares, equals, type RequestInfo } from "@marquetry/http"
import { CreateReservation, ReservationService, UpdateReservation } from "@marquetry/inventory"
import { NotFound, Query } from "@marquetry/kernel"
import { itemFields } from "../inventory-items/inventory-item-resources.ts"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"
import { assertThere, holdThere } from "../kit/link-changes.ts"

const itsItem = itemFields.split(", ").map((field) => field.replace(/^(\*?)/, "$1inventory_item."))

const reservations = new AdminResource({
  resource: "reservation",
  singular: "reservation",
  plural: "reservations",
  defaults: [
    "id, location_id, inventory_item_id, quantity, line_item_id, description, metadata, created_at, updated_at",
    ...itsItem,
  ].join(", "),
  list: {
    limit: 20,
    filters: {
      id: equals(),
      location_id: equals(),
      inventory_item_id: equals(),
      line_item_id: equals(),
      created_by: equals(),
      description: compares(),
      quantity: compares(),
      ...dates,
    },
    logic: true,
  },
})

/** Who asks is who makes it; what a line requires is known. */
const NewReservation = CreateReservation.omit({ createdBy: true, requiredQuantity: true })

const ofAnOrder =
  "One of an order's line is what that is sent from: without it, its units are free for others, and the line cannot be sent until as many are reserved for it again."

export const reservationRoutes = adminRoutes("/admin/reservations", reservations, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: NewReservation,
      example: { inventoryItemId: "iitem_01", locationId: "sloc_01", quantity: 2, description: "For the window" },
      description: "Units of the item, not more than are free at the location. For a line of an order, or for none.",
    },
    async ({ resolve, identity, body }) => {
      await assertThere({ resolve }, "inventory_item", [body.inventoryItemId])
      await holdThere({ resolve }, "stock_location", [body.locationId])
      const requiredQuantity = await requiredBy({ resolve }, body)
      return resolve<ReservationService>(ReservationService).create({
        ...body,
        requiredQuantity,
        createdBy: identity.actorId,
      })
    },
  )
  verbs.update(
    { body: UpdateReservation, example: { quantity: 3 }, description: ofAnOrder },
    async ({ resolve, params, body }) => {
      await holdThere({ resolve }, "stock_location", body.locationId === undefined ? [] : [body.locationId])
      return resolve<ReservationService>(ReservationService).update(params.id, body)
    },
  )
  verbs.remove(({ resolve, params }) => resolve<ReservationService>(ReservationService).release({ ids: [params.id] }), {
    description: ofAnOrder,
  })
})

interface LineRow {
  readonly variant: {
    readonly inventoryItems: readonly { readonly inventoryId: string; readonly requiredQuantity: number }[]
  } | null
}

/**
 * How many units of an item are in one unit of an order's line, by which sending counts; 1 for what its variant is not
 * made of.
 *
 * @throws {NotFound} when there is no such line.
 */
async function requiredBy(
  { resolve }: Pick<RequestInfo, "resolve">,
  { lineItemId, inventoryItemId }: { lineItemId: string | null; inventoryItemId: string },
): Promise<number> {
  if (lineItemId === null) return 1
  const fields = { variant: { inventoryItems: { inventoryId: true, requiredQuantity: true } } } as const
  const { rows } = await resolve<Query>(Query).listAny("order_line_item", {
    fields,
    filter: { id: lineItemId },
    limit: 1,
    count: false,
  })
  const line = rows[0] as unknown as LineRow | undefined
  if (line === undefined) throw new NotFound("Order line item", lineItemId)
  const part = line.variant?.inventoryItems.find(({ inventoryId }) => inventoryId === inventoryItemId)
  return part?.requiredQuantity ?? 1
}
