import { compares, nested, type FilterParameter } from "@marquetry/http"
import { z } from "zod"

/** Times that nearly every list can be filtered by. */
export const dates = { created_at: compares(), updated_at: compares(), deleted_at: compares() }

/** Rows of a relation: by their ids, compared in any way, or by their fields: `groups=cusgroup_01`, `groups[name]=Wholesale`. */
export const related = (path?: string): FilterParameter => ({
  schema: z.union([compares().schema, nested().schema]),
  path,
})
