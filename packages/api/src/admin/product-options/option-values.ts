import { equals, RawJson, type RequestInfo } from "@marquetry/http"
import { Database, NotFound, Query } from "@marquetry/kernel"
import { OptionService, UpdateOptionValue } from "@marquetry/product"
import { AdminResource } from "../kit/admin-resource.ts"
import { paramsOf, withVersion, type AdminVerbs } from "../kit/admin-routes.ts"
import { changeRow } from "../kit/changes.ts"
import { dates } from "../kit/filters.ts"
import { listOfParts } from "../kit/list-of-parts.ts"
import { answerOf, hold, snapshotsOf } from "../kit/recorded.ts"
import { versionOf } from "../kit/versions.ts"

const values = new AdminResource({
  resource: "product_option_value",
  singular: "product_option_value",
  plural: "product_option_values",
  permission: "product_option",
  defaults: "id, value, rank, option_id, metadata, created_at, updated_at",
  list: { limit: 20, filters: { id: equals(), value: equals(), option_id: equals(), ...dates }, logic: true },
})

const path = "/:id/values/:value_id"
const params = paramsOf(path)

/** @throws {NotFound} when it is a value of another option, or of none. */
async function assertValueOf(resolve: RequestInfo["resolve"], optionId: string, id: string): Promise<void> {
  const read = { fields: { id: true }, filter: { id, optionId }, limit: 1, count: false } as const
  const { rows } = await resolve<Query>(Query).listAny("product_option_value", read)
  if (rows.length === 0) throw new NotFound("Product option value", id)
}

/** Declares what a merchant does with the values of an option. Each has a version, and entries in the log, of its own. */
export function declareValues(verbs: AdminVerbs, options: AdminResource): void {
  const { query, response } = values.whole.answer
  const answered = { params, query, response, versioned: true }
  listOfParts(verbs, "/:id/values", {
    of: options,
    parts: values,
    owner: "option_id",
    permissions: ["product_option:read"],
  })
  verbs.verbs.get(
    path,
    { summary: "Reads one of an option's values", ...answered, permissions: ["product_option:read"] },
    async (context) => {
      const { id: optionId, value_id: id } = context.params
      await assertValueOf(context.resolve, optionId, id)
      const rows = await snapshotsOf(context, values, [id])
      const row = (await answerOf(context, values, [id], rows)).slice(1, -1)
      const version = versionOf(context, values, rows.get(id))
      return withVersion(context, version, new RawJson(`{"product_option_value":${row}}`))
    },
  )
  verbs.verbs.post(
    path,
    {
      summary: "Updates one of an option's values",
      ...answered,
      body: UpdateOptionValue,
      example: { value: "Medium" },
      permissions: ["product_option:update"],
    },
    (context) => {
      const { id: optionId, value_id: id } = context.params
      return context.resolve<Database>(Database).transaction(async () => {
        // As by everybody who changes values: the option first.
        await hold(context, options, [optionId])
        await assertValueOf(context.resolve, optionId, id)
        const work = () => context.resolve<OptionService>(OptionService).updateValue(optionId, id, context.body)
        return changeRow(context, { resource: values, id, action: "updated", work })
      })
    },
  )
  verbs.removePart(
    path,
    { summary: "Deletes one of an option's values", object: "product_option_value" },
    ({ resolve, params: { id, value_id: valueId } }) => resolve<OptionService>(OptionService).deleteValue(id, valueId),
  )
}
