import { p } from "@marquetry/kernel"

/** An exact decimal: major units of a currency, per cent, or a count. */
export const decimal = () => p.decimal().columnType("numeric")

/** For `indexes` of an entity: a unique index over what is not deleted. */
export const uniqueLiving = (table: string, column: string) => ({
  name: `${table}_${column}_unique`,
  expression: `create unique index "${table}_${column}_unique" on "promotion"."${table}" ("${column}") where "deleted_at" is null`,
})
