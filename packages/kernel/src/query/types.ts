import type { Collection, Opt } from "@mikro-orm/core"
import type { Resource } from "./resource.ts"

/**
 * Relations and computed fields that links and plugins add to resources, by resource name. A package that declares
 * one augments this interface, so that selections of it are typed:
 *
 * ```ts
 * declare module "@marquetry/kernel" {
 *   interface LinkedFields { product: { salesChannels: SalesChannel[] } }
 * }
 * ```
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- augmented by others
export interface LinkedFields {}

type Extra<Name> = Name extends keyof LinkedFields ? LinkedFields[Name] : unknown

interface ReferenceLike<Target> {
  unwrap(): Target
}

type RelatedMany<Value> = NonNullable<Value> extends Collection<infer Target extends object> ? Target : never
type RelatedOne<Value> = [RelatedMany<Value>] extends [never]
  ? NonNullable<Value> extends ReferenceLike<infer Target extends object>
    ? Target
    : never
  : never

type PropertyOf<Entity> = {
  [Key in keyof Entity]: Entity[Key] extends (...args: never[]) => unknown ? never : Key
}[keyof Entity] &
  string
type RelationOf<Entity> = {
  [Key in PropertyOf<Entity>]: [RelatedMany<Entity[Key]> | RelatedOne<Entity[Key]>] extends [never] ? never : Key
}[PropertyOf<Entity>]
type ToOneOf<Entity> = {
  [Key in PropertyOf<Entity>]: [RelatedOne<Entity[Key]>] extends [never] ? never : Key
}[PropertyOf<Entity>]
type ScalarOf<Entity> = Exclude<PropertyOf<Entity>, RelationOf<Entity>>

type Unbranded<Value> = Value extends Opt<infer Plain> ? Plain : Value

/** A column as a read answers it: dates as ISO 8601 texts in UTC, decimals as texts, exact. */
type Read<Value> =
  Unbranded<Value> extends infer Plain ? (Plain extends Date ? string : Plain extends undefined ? null : Plain) : never

/**
 * Which fields a read answers: `true` for a column, a selection for a relation, `"*"` for all columns. A relation
 * given as `true` answers all its columns.
 */
export type Selection<Entity, Name = unknown> = { readonly "*"?: true } & {
  readonly [Key in ScalarOf<Entity>]?: true
} & { readonly [Key in `${ToOneOf<Entity>}Id`]?: true } & {
  readonly [Key in RelationOf<Entity>]?: true | Selection<RelatedMany<Entity[Key]> | RelatedOne<Entity[Key]>>
} & { readonly [Key in keyof Extra<Name>]?: true | AnySelection }

/** What links and plugins add to any resource: of the rows of a relation it is not known which resource they are. */
type AnyExtra = { [Name in keyof LinkedFields]: keyof LinkedFields[Name] }[keyof LinkedFields]

/** A selection of the fields that there are: what is none fails to compile where it is written. */
export type Exactly<Chosen, Entity, Name = unknown> = {
  readonly [Key in keyof Chosen]: Key extends RelationOf<Entity>
    ? Chosen[Key] extends true
      ? true
      : Exactly<Chosen[Key], RelatedMany<Entity[Key]> | RelatedOne<Entity[Key]>>
    : Key extends keyof Selection<Entity, Name> | (unknown extends Name ? AnyExtra : never)
      ? Chosen[Key]
      : never
}

/** A selection whose resource is only known when it runs. */
export interface AnySelection {
  readonly [name: string]: true | AnySelection
}

type Columns<Entity> = { [Key in ScalarOf<Entity>]: Read<Entity[Key]> } & {
  [Key in ToOneOf<Entity> as `${Key}Id`]: null extends Entity[Key] ? string | null : string
}

type SelectedColumns<Entity, Chosen> = "*" extends keyof Chosen
  ? Columns<Entity>
  : Pick<Columns<Entity>, Extract<keyof Chosen, keyof Columns<Entity>>>

type Nested<Entity, Chosen> = Chosen extends true ? Columns<Entity> : Selected<Entity, Chosen>

type Related<Value, Chosen> = [RelatedMany<Value>] extends [never]
  ? Nested<RelatedOne<Value>, Chosen> | (null extends Value ? null : never)
  : Nested<RelatedMany<Value>, Chosen>[]

type Flat<T> = { [Key in keyof T]: T[Key] } & {}

/** What a read with that selection answers. */
export type Selected<Entity, Chosen, Name = unknown> = Flat<
  SelectedColumns<Entity, Chosen> & {
    [Key in Extract<keyof Chosen, RelationOf<Entity>>]: Related<Entity[Key], Chosen[Key]>
  } & { [Key in Extract<keyof Chosen, keyof Extra<Name>>]: Extra<Name>[Key] }
>

type Operand<Value> = Value extends boolean
  ? boolean
  : Value extends Date
    ? Date | string
    : Value extends number
      ? number
      : Value

type Comparison<Value> =
  | Operand<Value>
  | null
  | readonly (Operand<Value> | null)[]
  | {
      readonly $eq?: Operand<Value> | null
      readonly $ne?: Operand<Value> | null
      readonly $in?: readonly (Operand<Value> | null)[]
      readonly $nin?: readonly (Operand<Value> | null)[]
      readonly $gt?: Operand<Value>
      readonly $gte?: Operand<Value>
      readonly $lt?: Operand<Value>
      readonly $lte?: Operand<Value>
      readonly $like?: string
      readonly $ilike?: string
      readonly $re?: string
      readonly $contains?: unknown
      readonly $not?: Comparison<Value>
    }

/** Conditions that rows must meet, all of them; through relations too. */
export type Filter<Entity, Name = unknown> = {
  readonly [Key in ScalarOf<Entity>]?: Comparison<Unbranded<NonNullable<Entity[Key]>>>
} & { readonly [Key in `${ToOneOf<Entity>}Id`]?: Comparison<string> } & {
  /** A filter of its rows, or their keys; `null` for none. */
  readonly [Key in RelationOf<Entity>]?:
    | string
    | readonly string[]
    | null
    | Filter<RelatedMany<Entity[Key]> | RelatedOne<Entity[Key]>>
} & { readonly [Key in keyof Extra<Name>]?: AnyFilter | string | readonly string[] } & {
  readonly $and?: readonly Filter<Entity, Name>[]
  readonly $or?: readonly Filter<Entity, Name>[]
  readonly $not?: Filter<Entity, Name>
}

/** A filter whose resource is only known when it runs; checked then. */
export type AnyFilter = Readonly<Record<string, unknown>>

export type Direction = "asc" | "desc"

export type EntityOf<R> = R extends Resource<infer Entity> ? Entity : never
export type NameOf<R> = R extends Resource<never, infer Name> ? Name : R extends { name: infer Name } ? Name : never
