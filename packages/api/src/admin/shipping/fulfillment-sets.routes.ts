import { CreateServiceZone, ServiceZoneService, UpdateServiceZone } from "@marquetry/fulfillment"
import { FulfillmentSetFlow } from "@marquetry/flows"
import { ResourceRegistry } from "@marquetry/kernel"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes, paramsOf } from "../kit/admin-routes.ts"

const sets = new AdminResource({
  resource: "fulfillment_set",
  singular: "fulfillment_set",
  plural: "fulfillment_sets",
  defaults:
    "id, name, type, metadata, created_at, updated_at, deleted_at, *service_zones, *service_zones.geo_zones, location.id",
  list: { limit: 20, filters: {} },
})

const zones = new AdminResource({
  resource: "service_zone",
  singular: "service_zone",
  plural: "service_zones",
  permission: "fulfillment_set",
  defaults: "id, name, fulfillment_set_id, metadata, created_at, updated_at, deleted_at, *geo_zones",
  list: { limit: 20, filters: {} },
})

const NewZone = CreateServiceZone.omit({ fulfillmentSetId: true })
/** Of the wire's contract: a name that is `null` stays as it is. */
const ChangedZone = UpdateServiceZone.extend({
  name: CreateServiceZone.shape.name.nullable().exactOptional(),
})

export const fulfillmentSetRoutes = adminRoutes("/admin/fulfillment-sets", sets, (verbs) => {
  verbs.remove(({ resolve, params }) => resolve<FulfillmentSetFlow>(FulfillmentSetFlow).delete(params.id), {
    description: "A set is deleted with its zones and their shipping options.",
  })
  verbs.change(
    "/:id/service-zones",
    {
      summary: "Adds a zone to a fulfillment set",
      body: NewZone,
      example: { name: "Germany", geoZones: [{ type: "country", countryCode: "de" }] },
    },
    ({ resolve, params, body }) =>
      resolve<ServiceZoneService>(ServiceZoneService).create({ ...body, fulfillmentSetId: params.id }),
  )
  const ofZone = paramsOf("/:id/service-zones/:zone_id")
  const { query, response } = zones.whole.answer
  verbs.verbs.get(
    "/:id/service-zones/:zone_id",
    {
      summary: "Reads a zone of a fulfillment set",
      params: ofZone,
      query,
      response,
      permissions: ["fulfillment_set:read"],
    },
    async (context) => {
      const { identity, params, resolve } = context
      await resolve<FulfillmentSetFlow>(FulfillmentSetFlow).assertZone(params.id, params.zone_id)
      return zones.of("answer", identity, resolve<ResourceRegistry>(ResourceRegistry)).send(context, params.zone_id)
    },
  )
  verbs.change(
    "/:id/service-zones/:zone_id",
    {
      summary: "Changes a zone of a fulfillment set",
      body: ChangedZone,
      example: { geoZones: [{ type: "province", countryCode: "us", provinceCode: "us-ca" }] },
    },
    ({ resolve, params, body: { name, ...body } }) =>
      resolve<FulfillmentSetFlow>(FulfillmentSetFlow).updateZone(params.id, params.zone_id, {
        ...body,
        ...(typeof name === "string" && { name }),
      }),
  )
  verbs.removePart(
    "/:id/service-zones/:zone_id",
    { summary: "Deletes a zone of a fulfillment set, with its shipping options", object: "service_zone" },
    ({ resolve, params }) => resolve<FulfillmentSetFlow>(FulfillmentSetFlow).deleteZone(params.id, params.zone_id),
  )
})
