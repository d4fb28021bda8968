import type { DependencyContainer } from "../module/container.ts"
import type { AnyResource } from "./resource.ts"
import type { AnySelection } from "./types.ts"

/** What a resolver is told besides the rows. */
export interface ResolveContext {
  readonly container: DependencyContainer
  /** What the read was given as `context`: the buyer's region, currency, groups … */
  readonly context: Readonly<Record<string, unknown>>
  /** Whether amounts are numbers and names snake_case, as on the wire. */
  readonly wire: boolean
}

interface AnyComputedField {
  readonly resource: string
  /** As on the wire, and for TypeScript callers too. */
  readonly name: string
}

/** A computed field whose resolver must know several things of each row. */
export interface ComputedByNeeds extends AnyComputedField {
  readonly key?: undefined
  /** What the resolver must know of each row, in property names. */
  readonly needs?: AnySelection
  /** One value per row, in order; `undefined` leaves the key out of that row. */
  resolve(rows: readonly Record<string, unknown>[], context: ResolveContext): Promise<readonly unknown[]>
}

/**
 * A computed field that one column decides: rows with one key have one value, and those without have `null`. Choose it
 * where you can: such a field is put into the JSON of an answer without parsing it.
 */
export interface ComputedByKey extends AnyComputedField {
  /** The column, in property names, through to-one relations: `priceSet.id`. A text. */
  readonly key: string
  readonly needs?: undefined
  /** One value per key, in order; keys are distinct. `undefined` leaves the field out of those rows. */
  resolve(keys: readonly string[], context: ResolveContext): Promise<readonly unknown[]>
}

/**
 * A field that no column holds: a price for this buyer, what is left in stock. Called once for all rows of an answer,
 * at whatever depth they are, never once per row.
 */
export type ComputedField = ComputedByNeeds | ComputedByKey

/** Declares a computed field. Choose a column instead for what can be stored when it changes. */
export function computedField(
  resource: AnyResource,
  field: Omit<ComputedByNeeds, "resource"> | Omit<ComputedByKey, "resource">,
): ComputedField {
  return Object.freeze({ ...field, resource: resource.name }) as ComputedField
}
