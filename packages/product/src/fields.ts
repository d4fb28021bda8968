import { z } from "zod"
import { HANDLE, HANDLE_LENGTH } from "./handle/slug.ts"

/** What more than one schema of the module has; `columns.ts` for callers. */

export const metadata = z.record(z.string(), z.unknown()).nullable()
export const id = z.string().min(1).max(100)
export const ids = z.array(id).max(1_000)
export const line = z.string().trim().min(1).max(500)
/** A text that may be missing; an empty one is: forms send it so. */
const orNone = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .transform((value) => (value === "" ? null : value))
    .nullable()
export const optionalLine = orNone(500)
export const optionalCode = orNone(200)
export const text = z.string().trim().max(100_000)
export const rank = z.int().min(0).max(1_000_000)

export const handle = z.string().trim().max(HANDLE_LENGTH).regex(HANDLE, "lower-case words joined by hyphens")

/** On creation an empty handle is none: forms send it so. */
export const newHandle = z.union([z.literal("").transform(() => undefined), handle]).optional()

/** Not negative, in whatever unit the shop uses; a text is exact. */
const measure = z
  .union([z.number(), z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, "a decimal number")])
  .refine((value) => {
    const number = Number(value)
    return number >= 0 && number < 1e12
  }, "a number from 0")

/** An absolute URL of the web, or a path from the root of the site. */
export const url = z
  .string()
  .trim()
  .max(2_000)
  .refine((value) => /^\/(?!\/)\S*$/.test(value) || isWebUrl(value), "an absolute http(s) URL, or a path from the root")

const isWebUrl = (value: string) => /^https?:\/\/\S+$/i.test(value) && URL.canParse(value)

/** What customs and carriers ask. */
export const shipping = {
  weight: measure.nullable(),
  length: measure.nullable(),
  height: measure.nullable(),
  width: measure.nullable(),
  hsCode: optionalCode,
  originCountry: optionalCode,
  midCode: optionalCode,
  material: optionalLine,
}

export const newShipping = {
  weight: shipping.weight.default(null),
  length: shipping.length.default(null),
  height: shipping.height.default(null),
  width: shipping.width.default(null),
  hsCode: shipping.hsCode.default(null),
  originCountry: shipping.originCountry.default(null),
  midCode: shipping.midCode.default(null),
  material: shipping.material.default(null),
}

/** A change of membership: ids to put in and to take out. */
export const Assignment = z.strictObject({
  add: z.array(id).max(10_000).default([]),
  remove: z.array(id).max(10_000).default([]),
})
export type Assignment = z.input<typeof Assignment>
