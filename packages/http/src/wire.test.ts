import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { codecOf, toSnake } from "./wire.ts"

const name = fc.stringMatching(/^[a-z]{1,6}([A-Z][a-z]{1,5}){0,2}\d?$/)

/** A schema with a value that fits it. */
type Sample = readonly [schema: z.ZodType, value: unknown]

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.string().map((value): Sample => [z.string(), value]),
    fc.integer().map((value): Sample => [z.number(), value]),
    fc.boolean().map((value): Sample => [z.boolean().nullable(), value]),
    fc.constant<Sample>([z.string().nullable(), null]),
    tie("sample").map(([schema, value]): Sample => [z.array(schema), [value, value]]),
    tie("sample").map(([schema, value]): Sample => [schema.optional(), value]),
    fc
      .tuple(tie("sample"), fc.string({ maxLength: 5 }))
      .map(([[schema, value], key]): Sample => [z.record(z.string(), schema), Object.fromEntries([[key, value]])]),
    fc
      .uniqueArray(fc.tuple(name, tie("sample")), { maxLength: 4, selector: ([key]) => toSnake(key) })
      .map((entries): Sample => [
        z.strictObject(Object.fromEntries(entries.map(([key, [schema]]) => [key, schema]))),
        Object.fromEntries(entries.map(([key, [, value]]) => [key, value])),
      ]),
  ),
}))

const keysIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(keysIn)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)])
}

describe("names of the wire", () => {
  it.each([
    ["shippingAddress", "shipping_address"],
    ["address1", "address_1"],
    ["iso2", "iso_2"],
    ["id", "id"],
  ])("%s is %s", (property, wire) => {
    expect(toSnake(property)).toBe(wire)
  })

  it("there and back again is where one was, for every schema", () => {
    fc.assert(
      fc.property(sample, ([schema, value]) => {
        const codec = codecOf(schema)

        expect(codec.decode(codec.encode(value))).toEqual(value)
        expect(schema.parse(codec.decode(codec.encode(value)))).toEqual(value)
      }),
    )
  })

  it("leaves keys of records as they are, and translates what they hold", () => {
    const schema = z.object({ metadata: z.record(z.string(), z.object({ innerName: z.number() })) })

    expect(codecOf(schema).encode({ metadata: { ownKey: { innerName: 1 } } })).toEqual({
      metadata: { ownKey: { inner_name: 1 } },
    })
  })

  it("leaves what a schema does not know for the schema to refuse", () => {
    const schema = z.strictObject({ firstName: z.string().optional() })
    fc.assert(
      fc.property(name, (key) => {
        fc.pre(key !== "first_name")
        const refused = schema.safeParse(codecOf(schema).decode({ [key]: "x" }))

        expect(refused.success).toBe(false)
      }),
      { examples: [["firstName"], ["FirstName"], ["constructor"]] },
    )
    expect(schema.safeParse(codecOf(schema).decode(JSON.parse('{"__proto__":{"firstName":"x"}}'))).success).toBe(false)
  })

  it("knows a schema that holds itself, and takes the option of a union that fits", () => {
    interface Category {
      readonly fullName: string
      readonly subCategories: readonly Category[]
    }
    const schema: z.ZodType<Category> = z.object({
      fullName: z.string(),
      get subCategories() {
        return z.array(schema)
      },
    })
    const value = { fullName: "a", subCategories: [{ fullName: "b", subCategories: [] }] }
    const either = z.union([z.strictObject({ byId: z.string() }), z.strictObject({ byName: z.string() })])

    expect(
      codecOf(schema).decode({ full_name: "a", sub_categories: [{ full_name: "b", sub_categories: [] }] }),
    ).toEqual(value)
    expect(codecOf(either).decode({ by_name: "x" })).toEqual({ byName: "x" })
    expect(keysIn(codecOf(either).encode({ byName: "x" }))).toEqual(["by_name"])
  })

  it("refuses a schema in which two properties would be one", () => {
    expect(() => codecOf(z.object({ firstName: z.string(), first_name: z.string() }))).toThrow("one name on the wire")
  })
})
