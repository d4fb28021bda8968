import { CreateShippingOptionInput, ShippingOptionFlow, UpdateShippingOptionInput } from "@marquetry/flows"
import { ShippingOptionRuleChanges, ShippingOptionRuleInput, ShippingOptionService } from "@marquetry/fulfillment"
import { asks, equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const options = new AdminResource({
  resource: "shipping_option",
  singular: "shipping_option",
  plural: "shipping_options",
  defaults: [
    "id, name, price_type, data, provider_id, service_zone_id, shipping_profile_id, metadata, created_at, updated_at",
    "*rules, *type, *prices, *prices.price_rules, *service_zone, *shipping_profile, *provider",
  ].join(", "),
  list: {
    limit: 20,
    filters: {
      id: equals(),
      service_zone_id: equals(),
      shipping_profile_id: equals(),
      provider_id: equals(),
      shipping_option_type_id: equals(),
      stock_location_id: equals("service_zone.fulfillment_set.location.id"),
      is_return: asks({ rules: { attribute: "is_return", value: "true" } }),
      admin_only: asks({ rules: { attribute: "enabled_in_store", value: "false" } }),
      ...dates,
    },
    logic: true,
  },
})

const rules = new AdminResource({
  resource: "shipping_option_rule",
  singular: "shipping_option_rule",
  plural: "shipping_option_rules",
  permission: "shipping_option",
  defaults: "id, attribute, operator, value, shipping_option_id, created_at, updated_at, deleted_at",
  list: { limit: 20, filters: {} },
})

const example = {
  name: "Standard",
  serviceZoneId: "serzo_01",
  shippingProfileId: "sp_01",
  providerId: "manual_manual",
  priceType: "flat" as const,
  type: { label: "Standard", description: "In two days", code: "standard" },
  prices: [
    { currencyCode: "eur", amount: 5 },
    {
      regionId: "reg_01",
      amount: 0,
      rules: [{ attribute: "item_total" as const, operator: "gte" as const, value: 100 }],
    },
  ],
  rules: [
    { attribute: "enabled_in_store", operator: "eq" as const, value: "true" },
    { attribute: "is_return", operator: "eq" as const, value: "false" },
  ],
}

export const shippingOptionRoutes = adminRoutes("/admin/shipping-options", options, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: CreateShippingOptionInput,
      example,
      description: "Its provider sends from the stock location of its zone from now on, if it did not yet.",
    },
    ({ resolve, body }) => resolve<ShippingOptionFlow>(ShippingOptionFlow).create(body),
    ({ resolve, body }) => resolve<ShippingOptionFlow>(ShippingOptionFlow).check(body),
  )
  verbs.update(
    {
      body: UpdateShippingOptionInput,
      example: { name: "Express", prices: [{ id: "price_01", amount: 6 }] },
      description: "Prices and rules that are not named by their ids are taken away, where the list is given at all.",
    },
    ({ resolve, params, body }) => resolve<ShippingOptionFlow>(ShippingOptionFlow).update(params.id, body),
    ({ resolve, params, body }) => resolve<ShippingOptionFlow>(ShippingOptionFlow).checkUpdate(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<ShippingOptionFlow>(ShippingOptionFlow).delete(params.id))
  verbs.batch(
    "/:id/rules/batch",
    {
      summary: "Adds, changes and deletes rules of a shipping option",
      create: ShippingOptionRuleInput,
      update: ShippingOptionRuleChanges.shape.update.unwrap().element,
      idOf: ({ id }) => id,
      resource: rules,
      example: { create: [{ attribute: "is_return", operator: "eq", value: "false" }] },
    },
    async ({ resolve, params }, { create, update, delete: deleted }) => {
      const changes = { create: [...create], update: [...update], delete: [...deleted] }
      return (await resolve<ShippingOptionService>(ShippingOptionService).changeRules(params.id, changes)).created
    },
  )
})
