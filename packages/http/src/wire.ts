import { z } from "zod"

/** `shippingAddress` → `shipping_address`, `address1` → `address_1`. */
export const toSnake = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll(/([a-z])(\d+)$/g, "$1_$2")

type Translate = (value: unknown) => unknown

/** The two directions between a schema's own names, camelCase, and those of the wire, snake_case. */
export interface Codec {
  /** Names of the wire to names of the schema. What the schema does not know passes, for it to refuse. */
  readonly decode: Translate
  /** Names of the schema to names of the wire. */
  readonly encode: Translate
}

const codecs = new WeakMap<z.core.$ZodType, Codec>()
const unchanged: Codec = { decode: (value) => value, encode: (value) => value }

/**
 * The codec that a schema implies. Keys of records (`metadata`, option values by title) are data, and stay as they are.
 */
export function codecOf(schema: z.core.$ZodType): Codec {
  let codec = codecs.get(schema)
  if (codec === undefined) {
    // A schema that holds itself finds this one while its own is being made.
    const made: { codec: Codec } = { codec: unchanged }
    codecs.set(schema, { decode: (value) => made.codec.decode(value), encode: (value) => made.codec.encode(value) })
    made.codec = derive(schema)
    codec = made.codec
    codecs.set(schema, codec)
  }
  return codec
}

function derive(schema: z.core.$ZodType): Codec {
  if (schema instanceof z.ZodObject) return ofObject(schema)
  if (schema instanceof z.ZodArray) return ofList(codecOf(schema.element))
  if (schema instanceof z.ZodRecord) return ofRecord(codecOf(schema.valueType))
  if (schema instanceof z.ZodUnion)
    return ofUnion(
      schema.options.map((option) => codecOf(option)),
      schema.options,
    )
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch
  ) {
    return codecOf(schema.unwrap())
  }
  if (schema instanceof z.ZodPipe) return codecOf(schema.in instanceof z.ZodTransform ? schema.out : schema.in)
  if (schema instanceof z.ZodLazy) return codecOf(schema.unwrap())
  return unchanged
}

function ofObject(schema: z.ZodObject): Codec {
  const properties = Object.entries(schema.shape).map(([name, inner]) => ({
    name,
    wire: toSnake(name),
    codec: codecOf(inner),
  }))
  const byWire = new Map(properties.map((property) => [property.wire, property]))
  if (byWire.size < properties.length) throw new TypeError("Two properties of a schema have one name on the wire")
  const byName = new Map(properties.map((property) => [property.name, property]))
  const translate = (value: unknown, known: typeof byWire, direction: keyof Codec) => {
    if (!isObject(value)) return value
    // Entries become properties of their own, even `__proto__`, which an assignment would heed.
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const property = known.get(key)
        if (property !== undefined) {
          return [direction === "decode" ? property.name : property.wire, property.codec[direction](inner)]
        }
        return [direction === "decode" && byName.has(key) ? unknownKey(key) : key, inner]
      }),
    )
  }
  return {
    decode: (value) => translate(value, byWire, "decode"),
    encode: (value) => translate(value, byName, "encode"),
  }
}

/** The schema's own spelling is not that of the wire: with a blank in front, the schema does not know it either. */
const unknownKey = (key: string) => ` ${key}`

function ofList(element: Codec): Codec {
  return {
    decode: (value) => (Array.isArray(value) ? value.map(element.decode) : value),
    encode: (value) => (Array.isArray(value) ? value.map(element.encode) : value),
  }
}

function ofRecord(values: Codec): Codec {
  const translate = (value: unknown, direction: keyof Codec) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, values[direction](inner)]))
      : value
  return { decode: (value) => translate(value, "decode"), encode: (value) => translate(value, "encode") }
}

/** The first option that takes the decoded value decides; encoding goes by the option that the value fits. */
function ofUnion(options: readonly Codec[], schemas: readonly z.core.$ZodType[]): Codec {
  const fits = (index: number, value: unknown) => z.core.safeParse(schemas[index] as z.core.$ZodType, value).success
  const pick = (candidates: readonly unknown[], value: unknown) => {
    const index = candidates.findIndex((candidate, position) => fits(position, candidate))
    return index === -1 ? (candidates[0] ?? value) : candidates[index]
  }
  return {
    decode: (value) =>
      pick(
        options.map(({ decode }) => decode(value)),
        value,
      ),
    encode: (value) => {
      const index = options.findIndex((_, position) => fits(position, value))
      return (options[index] ?? unchanged).encode(value)
    },
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
