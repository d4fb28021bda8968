import { newId, NotFound, parse, rethrowConstraint, type Database } from "@marquetry/kernel"
import type { z } from "zod"
import type { AcceptedParcel, Label, Parcel, ProviderData } from "../provider/fulfillment-provider.ts"
import { UnknownFulfillmentProvider } from "../provider/provider.errors.ts"
import { Fulfillment, FulfillmentAddress, FulfillmentItem, FulfillmentLabel } from "./fulfillment.entity.ts"
import type { FulfillmentState } from "./fulfillment.errors.ts"
import { Labels, type CreateFulfillment } from "./fulfillment.schema.ts"

/* What the service of fulfillments does with rows. Statements run in the transaction under way. */

export type NewFulfillment = Omit<z.output<typeof CreateFulfillment>, "id">

/**
 * Writes a fulfillment with all that belongs to it, in four statements at most.
 *
 * @param handedOverAt `null` where the provider is still to be told.
 */
export async function insertFulfillment(
  db: Database,
  id: string,
  { items, labels, deliveryAddress, providerId, shippingOptionId, ...fields }: NewFulfillment,
  handedOverAt: Date | null,
): Promise<void> {
  const addressId = deliveryAddress === null ? null : newId("fuladdr")
  if (deliveryAddress !== null) await db.insertRows(FulfillmentAddress, [{ ...deliveryAddress, id: addressId }])
  const references = { provider: providerId, shippingOption: shippingOptionId, deliveryAddress: addressId }
  await db.insertRows(Fulfillment, [{ ...fields, ...references, handedOverAt, id }]).catch(
    rethrowConstraint({
      fulfillment_provider_id_foreign: () => new UnknownFulfillmentProvider([providerId]),
      fulfillment_shipping_option_id_foreign: () => new NotFound("Shipping option", shippingOptionId as string),
    }),
  )
  await db.insertRows(
    FulfillmentItem,
    items.map((item) => ({ ...item, fulfillment: id })),
  )
  await insertLabels(db, id, labels)
}

/**
 * Writes down that the provider has taken a fulfillment, once, and what it answered.
 *
 * @returns whether it was to be taken: `false` when it was taken, withdrawn or canceled meanwhile.
 */
export async function recordAccepted(
  db: Database,
  id: string,
  { data, labels = [] }: AcceptedParcel,
): Promise<boolean> {
  const given = data === undefined || data === null ? null : JSON.stringify(data)
  const changed = await db.run(
    `update "fulfillment"."fulfillment" set handed_over_at = $2::timestamptz, updated_at = $2::timestamptz,
       data = case when $3::boolean then $4::jsonb else data end
     where id = $1 and handed_over_at is null and withdrawn_at is null and canceled_at is null and deleted_at is null`,
    [id, new Date().toISOString(), data !== undefined, given],
  )
  if (changed > 0) await insertLabels(db, id, parse(Labels, labels))
  return changed > 0
}

export async function insertLabels(db: Database, id: string, labels: readonly Label[]): Promise<void> {
  await db.insertRows(
    FulfillmentLabel,
    labels.map((label) => ({ ...label, fulfillment: id })),
  )
}

/** What decides of a fulfillment what can be done with it. */
export interface Standing {
  readonly providerId: string
  readonly state: FulfillmentState
  readonly isHandedOver: boolean
  readonly data: ProviderData | null
}

/** @throws {NotFound} */
export async function standingOf(db: Database, id: string): Promise<Standing> {
  const [standing] = await db.sql<Standing>(
    `select provider_id as "providerId", data, handed_over_at is not null as "isHandedOver",
       case when canceled_at is not null then 'canceled' when delivered_at is not null then 'delivered'
         when shipped_at is not null then 'shipped' when withdrawn_at is not null then 'withdrawing' else 'open' end as state
     from "fulfillment"."fulfillment" where id = $1 and deleted_at is null`,
    [id],
  )
  if (standing === undefined) throw new NotFound("Fulfillment", id)
  return standing
}

/** What the provider is told of a fulfillment that is written, in one statement. */
export async function readParcel(db: Database, id: string): Promise<Parcel> {
  const [row] = await db.sql<{ parcel: string }>(
    `select json_build_object('id', ful.id, 'locationId', ful.location_id, 'data', ful.data,
       'optionData', (select data from "fulfillment"."shipping_option" where id = ful.shipping_option_id),
       'items', (select coalesce(json_agg(json_build_object('title', title, 'sku', sku, 'barcode', barcode,
           'quantity', trim_scale(quantity)::text, 'lineItemId', line_item_id, 'inventoryItemId', inventory_item_id)
           order by item.id), '[]')
         from "fulfillment"."fulfillment_item" item where fulfillment_id = ful.id and deleted_at is null),
       'deliveryAddress', (select json_build_object('company', company, 'firstName', first_name, 'lastName', last_name,
           'address1', address_1, 'address2', address_2, 'city', city, 'countryCode', country_code, 'province', province,
           'postalCode', postal_code, 'phone', phone, 'metadata', metadata)
         from "fulfillment"."fulfillment_address" where id = ful.delivery_address_id))::text as parcel
     from "fulfillment"."fulfillment" ful where ful.id = $1`,
    [id],
  )
  if (row === undefined) throw new NotFound("Fulfillment", id)
  return JSON.parse(row.parcel) as Parcel
}
