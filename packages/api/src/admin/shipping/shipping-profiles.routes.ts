import { ShippingProfileFlow } from "@marquetry/flows"
import { CreateShippingProfile, ShippingProfileService, UpdateShippingProfile } from "@marquetry/fulfillment"
import { equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const profiles = new AdminResource({
  resource: "shipping_profile",
  singular: "shipping_profile",
  plural: "shipping_profiles",
  defaults: "id, name, type, metadata, created_at, updated_at, deleted_at",
  list: { limit: 20, filters: { id: equals(), type: equals(), name: equals(), ...dates }, logic: true },
})

export const shippingProfileRoutes = adminRoutes("/admin/shipping-profiles", profiles, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateShippingProfile, example: { name: "Parcel", type: "default" } }, ({ resolve, body }) =>
    resolve<ShippingProfileService>(ShippingProfileService).create(body),
  )
  verbs.update({ body: UpdateShippingProfile, example: { name: "By haulier" } }, ({ resolve, params, body }) =>
    resolve<ShippingProfileService>(ShippingProfileService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<ShippingProfileFlow>(ShippingProfileFlow).delete(params.id))
})
