import { equals, RawJson } from "@marquetry/http"
import { Database, Query } from "@marquetry/kernel"
import { CreateOption, OptionService, productResource, UpdateOption } from "@marquetry/product"
import { z } from "zod"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes, deletion, paramsOf } from "../kit/admin-routes.ts"
import { deleteRow } from "../kit/changes.ts"
import { dates } from "../kit/filters.ts"
import { declareValues } from "./option-values.ts"

const options = new AdminResource({
  resource: "product_option",
  singular: "product_option",
  plural: "product_options",
  defaults: "id, title, is_exclusive, metadata, created_at, updated_at, deleted_at, *values",
  list: {
    limit: 20,
    filters: { id: equals(), title: equals(), is_exclusive: equals(), ...dates },
    logic: true,
  },
})

const gone = {
  summary: "Deletes a product option",
  description: "Products are without it. One that there are variants of cannot be deleted.",
  params: paramsOf("/:id"),
  response: deletion.extend({ parent: z.looseObject({ id: z.string() }).nullable() }),
  versioned: true,
  permissions: ["product_option:delete"],
}

export const productOptionRoutes = adminRoutes("/admin/product-options", options, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateOption, example: { title: "Size", values: ["S", "M"] } }, ({ resolve, body }) =>
    resolve<OptionService>(OptionService).create(body),
  )
  verbs.update({ body: UpdateOption, example: { values: ["S", "M", "L"] } }, ({ resolve, params, body }) =>
    resolve<OptionService>(OptionService).update(params.id, body),
  )
  // The product whose own it was is its `parent`; an option that products share has none.
  verbs.verbs.delete("/:id", gone, (context) => {
    const { id } = context.params
    return context.resolve<Database>(Database).transaction(async () => {
      const fields = { "*": true } as const
      const { rows } = await context.resolve<Query>(Query).listAny(productResource.name, {
        fields,
        filter: { options: { id, isExclusive: true } },
        names: "wire",
        limit: 1,
        count: false,
      })
      const { text } = await deleteRow(context, options, id, () =>
        context.resolve<OptionService>(OptionService).delete(id),
      )
      return new RawJson(`${text.slice(0, -1)},"parent":${JSON.stringify(rows[0] ?? null)}}`)
    })
  })
  declareValues(verbs, options)
})
