import { p } from "@marquetry/kernel"

/**
 * A weight or a length, in whatever unit the shop uses. `numeric`, not `double precision`: 0.1 comes back as 0.1, and a
 * parcel of three of them weighs 0.3.
 */
export const measure = () => p.decimal().columnType("numeric").strictNullable().default(null)

/** An index that the ORM cannot describe: `definition` is what follows the name of the table. */
export const index = (table: string, name: string, definition: string) => ({
  name,
  expression: `create index "${name}" on "product"."${table}" ${definition}`,
})

/** A rule among rows that are not deleted. */
export function uniqueLiving(table: string, columns: readonly string[]) {
  return uniqueIndex(table, columns, columns.map((column) => `"${column}"`).join(", "))
}

/** The rule for handles: one index decides who has a handle, finds it, and finds all that begin like it. */
export const uniqueHandle = (table: string) => uniqueIndex(table, ["handle"], `"handle" text_pattern_ops`)

function uniqueIndex(table: string, columns: readonly string[], definition: string) {
  const name = `${table}_${columns.join("_")}_unique`
  return {
    name,
    expression: `create unique index "${name}" on "product"."${table}" (${definition}) where "deleted_at" is null`,
  }
}
