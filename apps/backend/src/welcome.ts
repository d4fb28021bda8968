import { apiKeyResource } from "@marquetry/api-key"
import type { Composition } from "@marquetry/kernel"
import { regionResource } from "@marquetry/region"
import { userResource } from "@marquetry/user"

/** The walk from an empty cart to an order. */
const WALK = "docs/guides/first-order.md"
/** That from an empty database to a shop that has sold something. */
const SET_UP = "docs/guides/shop-from-nothing.md"

/** What to open once the server listens, and a request that works as it is printed. */
export async function welcome({ query }: Composition, address: string): Promise<string> {
  const key = await query.find(apiKeyResource, {
    fields: { token: true },
    filter: { type: "publishable", revokedAt: null },
  })
  const region = await query.find(regionResource, { fields: { id: true }, filter: {} })
  const lines = [
    "",
    `Marquetry listens on ${address}`,
    `  reference  ${address}/docs`,
    `  OpenAPI    ${address}/openapi.json`,
  ]
  if (key?.token == null) {
    const user = await query.find(userResource, { fields: { id: true }, filter: {} })
    return [
      ...lines,
      "There is no publishable key yet: the Store API answers nobody.",
      ...(user === null
        ? ["There is no user yet: the Admin API answers nobody. npm start -- user:create --email … makes one."]
        : []),
      `To set the shop up, follow ${SET_UP}, with`,
      `  export SHOP=${address}`,
      "",
    ].join("\n")
  }
  const fields =
    region === null ? "fields=title,handle" : `region_id=${region.id}&fields=title,handle,*variants.calculated_price`
  return [
    ...lines,
    "Try:",
    `  curl -H 'x-publishable-api-key: ${key.token}' '${address}/store/products?limit=2&${fields}'`,
    `To buy something, follow ${WALK}, with`,
    `  export SHOP=${address} KEY=${key.token}`,
    "",
  ].join("\n")
}
