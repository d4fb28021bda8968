import { p } from "@marquetry/kernel"

/** A whole number of units. `bigint` in Postgres; all of ours are far below 2^53. */
export const units = () => p.bigint("number")

/** A weight or a length, in whatever unit the shop uses. `numeric`: 0.1 comes back as 0.1. */
export const measure = () => p.decimal().columnType("numeric").strictNullable().default(null)

/** An index of rows that are not deleted; `definition` is what follows the name of the table. */
export const livingIndex = (table: string, name: string, definition: string, unique = false) => ({
  name,
  expression: `create ${unique ? "unique index" : "index"} "${name}" on "inventory"."${table}" ${definition}`,
})
