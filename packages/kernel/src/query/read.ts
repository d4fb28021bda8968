import type { AnyFilter, AnySelection, Direction } from "./types.ts"

/** How a read looks at rows, whatever resource it reads. */
export interface ReadOptions {
  /** Told to computed fields. */
  readonly context?: Readonly<Record<string, unknown>>
  /** Filters by resource name that hold wherever in the answer the resource occurs: what this caller may see. */
  readonly scope?: Readonly<Record<string, AnyFilter>>
  /** Rows that are deleted but can be restored come too (of the root resource). */
  readonly withDeleted?: boolean
  /** A replica may answer, and lag behind. */
  readonly replica?: boolean
}

export interface ListOptions extends ReadOptions {
  /** Free text: every word must begin a word of the searched columns. */
  readonly q?: string | undefined
  /** Field, or `relation.field` through to-one relations. Ties are ordered by id, as is everything without an order. */
  readonly order?: Readonly<Record<string, Direction>>
  /** 50 unless said; at most {@link MAX_LIMIT}. */
  readonly limit?: number
  readonly offset?: number
  /** A cursor of the page before, or `null` for the first page: asks for `next`. */
  readonly after?: string | null
  /** `false` spares the count. */
  readonly count?: boolean
}

export interface Page<Row> {
  readonly rows: Row[]
  /** How many match, on all pages; 0 when not asked for. */
  readonly count: number
  /**
   * Cursor of the next page; `null` when `after` was not given, or the page was not full and so is the last. What follows
   * a full page may be empty.
   */
  readonly next: string | null
}

/** A page as Postgres wrote it, for whoever passes it on as it is. */
export interface RawPage {
  /** A JSON array. */
  readonly rows: string
  readonly count: number
  readonly next: string | null
}

/** A read whose resource is only known when it runs; names may be those of the wire. */
export interface AnyRead extends ListOptions {
  readonly fields: AnySelection
  readonly filter?: AnyFilter | undefined
  readonly names?: "property" | "wire"
  /** What to do with selected fields that there are not. */
  readonly unknown?: "refuse" | "drop"
  /** Resources that the filter and the order may not reach: what this caller must not learn of. */
  readonly hidden?: ReadonlySet<string>
}

export const DEFAULT_LIMIT = 50
export const MAX_LIMIT = 10_000
export const MAX_OFFSET = 1_000_000_000
