import { z } from "zod"

/* What more than one schema of the module has. */

/** The most units that one line may ask for, or that one change may bring. */
export const MAX_QUANTITY = 1_000_000_000
/** The most units of an item at one location. Sums of it over 9,000 locations are safe integers. */
export const MAX_STOCK = 1_000_000_000_000
/** The most rows in one call. */
export const MAX_ROWS = 10_000

export const id = z.string().min(1).max(200)
export const ids = z.array(id).max(MAX_ROWS)
export const metadata = z.record(z.string(), z.unknown()).nullable()

/** How many units somebody asks for. */
export const quantity = z.int().min(1).max(MAX_QUANTITY)
/** Units of an item for one of what is made of it. */
export const requiredQuantity = z.int().min(1).max(1_000_000)
/** How many units there are. */
export const stock = z.int().min(0).max(MAX_STOCK)

/** Whether no two rows agree in all of these fields. */
export const distinctBy =
  <Name extends string>(...names: Name[]) =>
  (rows: readonly Readonly<Record<Name, unknown>>[]): boolean =>
    new Set(rows.map((row) => JSON.stringify(names.map((name) => row[name])))).size === rows.length
