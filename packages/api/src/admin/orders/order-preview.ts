import { RawJson, resourceSchema, type RequestInfo } from "@marquetry/http"
import { Query, type ResourceRegistry } from "@marquetry/kernel"
import { z } from "zod"
import type { Row } from "../kit/recorded.ts"

interface Previewed extends Row {
  readonly items?: readonly Row[]
  readonly shipping_methods?: readonly Row[]
}

const fields = { "*": true, actions: { "*": true } } as const

/** What a preview has beside what is selected of the order, for the documentation. */
export function previewSchema(order: z.ZodObject, registry: ResourceRegistry): z.ZodObject {
  const change = resourceSchema(registry, "order_change", fields)
  const { actions } = change.shape
  const withActions = (name: string) => {
    const parts = order.shape[name] as unknown as z.ZodArray<z.ZodObject>
    return z.array(parts.element.extend({ actions }))
  }
  return order.extend({
    items: withActions("items"),
    shipping_methods: withActions("shipping_methods"),
    order_change: change.nullable(),
  })
}

/**
 * An order beside the change that is open, if one is: what it does to which line and which shipping method. As long as it is
 * a transfer, the order itself stays as it is.
 *
 * @param answer the order as it is, in its envelope.
 */
export async function previewOf(
  { resolve, params }: Pick<RequestInfo, "resolve"> & { readonly params: { readonly id: string } },
  { text }: RawJson,
): Promise<RawJson> {
  const { order } = JSON.parse(text) as { order: Previewed }
  const { rows } = await resolve<Query>(Query).listAny("order_change", {
    fields,
    filter: { order: params.id, status: ["pending", "requested"] },
    limit: 1,
    count: false,
    names: "wire",
  })
  const change = (rows[0] ?? null) as { readonly actions: readonly Row[] } | null
  const actionsOf = ({ id }: Row) => (change?.actions ?? []).filter((action) => action["reference_id"] === id)
  const withActions = (parts: readonly Row[] | undefined) =>
    parts?.map((part) => ({ ...part, actions: actionsOf(part) }))
  const [items, methods] = [withActions(order.items), withActions(order.shipping_methods)]
  const preview = {
    ...order,
    ...(items && { items }),
    ...(methods && { shipping_methods: methods }),
    order_change: change,
  }
  return new RawJson(JSON.stringify({ order: preview }))
}
