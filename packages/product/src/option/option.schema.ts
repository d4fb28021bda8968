import { z } from "zod"
import { id, line, metadata, rank } from "../fields.ts"

const values = z
  .array(line)
  .max(1_000)
  .refine((list) => new Set(list).size === list.length, "every value once")

/** Every field a caller may write. */
const writable = {
  title: line,
  /** In the order in which they are shown; on update, the whole list. */
  values,
  /** Places of values, where they are not those of the list. */
  ranks: z.record(z.string().trim(), rank),
  isExclusive: z.boolean(),
  metadata,
}

/** An option made by itself is meant for many products: it is shared unless said. */
export const CreateOption = z.strictObject({
  ...writable,
  ranks: writable.ranks.default({}),
  isExclusive: writable.isExclusive.default(false),
  metadata: writable.metadata.default(null),
})
export const UpdateOption = z.strictObject(writable).exactPartial()
export const UpdateOptionValue = z.strictObject({ value: line, rank, metadata }).exactPartial()

/** An option as a product names it: a new one, its own unless said, or one that there is. */
export const ProductOptionInput = z.union([
  CreateOption.extend({ isExclusive: writable.isExclusive.default(true) }),
  z.strictObject({
    id,
    /** The values that the product offers; all unless given. */
    valueIds: z.array(id).max(1_000).optional(),
  }),
])

/** A change of some of a product's options, where an update would name them all. */
export const ChangeOptions = z.strictObject({
  add: z.array(ProductOptionInput).max(50).default([]),
  /** Ids of options. */
  remove: z.array(id).max(50).default([]),
  update: z
    .array(
      z.strictObject({
        optionId: id,
        /** Ids of values of a shared option to offer, or values to make for an option of the product's own. */
        add: z
          .array(z.union([id, z.strictObject({ value: line })]))
          .max(1_000)
          .default([]),
        /** Ids of values. */
        remove: z.array(id).max(1_000).default([]),
      }),
    )
    .max(50)
    .default([]),
})

export type ChangeOptions = z.input<typeof ChangeOptions>
export type CreateOption = z.input<typeof CreateOption>
export type UpdateOption = z.input<typeof UpdateOption>
export type UpdateOptionValue = z.input<typeof UpdateOptionValue>
export type ProductOptionInput = z.input<typeof ProductOptionInput>
