import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { changesBetween, type Change, type Changes, type JsonObject } from "./changes.ts"

describe("changes", () => {
  it.each<[string, JsonObject | null, JsonObject | null, Changes]>([
    ["a field", { title: "a", handle: "h" }, { title: "b", handle: "h" }, { title: { from: "a", to: "b" } }],
    ["a value that was null", { title: null }, { title: "b" }, { title: { from: null, to: "b" } }],
    ["a value that is null now", { title: "a" }, { title: null }, { title: { from: "a", to: null } }],
    ["a key that is new", { metadata: {} }, { metadata: { colour: 1 } }, { "metadata.colour": { to: 1 } }],
    ["a key that is gone", { metadata: { colour: 1 } }, { metadata: {} }, { "metadata.colour": { from: 1 } }],
    ["an object that was null", { metadata: null }, { metadata: { a: 1 } }, { metadata: { from: null, to: { a: 1 } } }],
    [
      "an element of an id, wherever it is",
      { variants: [{ id: "v1", sku: "a" }, { id: "v2" }] },
      { variants: [{ id: "v2" }, { id: "v1", sku: "b" }] },
      { "variants.v1.sku": { from: "a", to: "b" } },
    ],
    [
      "elements that came and went",
      { variants: [{ id: "v1", sku: "a" }] },
      { variants: [{ id: "v2" }] },
      { "variants.v1": { from: { id: "v1", sku: "a" } }, "variants.v2": { to: { id: "v2" } } },
    ],
    [
      "the last element that went",
      { variants: [{ id: "v1" }] },
      { variants: [] },
      { "variants.v1": { from: { id: "v1" } } },
    ],
    [
      "elements without ids, by position",
      { values: [{ a: 1 }, { a: 2 }] },
      { values: [{ a: 1 }, { a: 3 }, { a: 4 }] },
      { "values.1.a": { from: 2, to: 3 }, "values.2": { to: { a: 4 } } },
    ],
    [
      "elements that share an id, by position",
      {
        values: [
          { id: "a", n: 1 },
          { id: "a", n: 2 },
        ],
      },
      { values: [{ id: "a", n: 1 }] },
      { "values.1": { from: { id: "a", n: 2 } } },
    ],
    ["a list of scalars as a whole", { tags: ["a", "b"] }, { tags: ["a"] }, { tags: { from: ["a", "b"], to: ["a"] } }],
    [
      "a mixed list as a whole",
      { list: [1, { a: 1 }] },
      { list: [1, {}] },
      { list: { from: [1, { a: 1 }], to: [1, {}] } },
    ],
    ["a name with a dot", { "a.b": 1, a: { b: 1 } }, { "a.b": 2, a: { b: 1 } }, { "a\\.b": { from: 1, to: 2 } }],
    [
      "each field of what was created",
      null,
      { id: "p", title: "a", variants: [{ id: "v", updated_at: "now" }], updated_at: "now" },
      { id: { to: "p" }, title: { to: "a" }, variants: { to: [{ id: "v" }] } },
    ],
    ["each field of what was deleted", { id: "p", tags: [] }, null, { id: { from: "p" }, tags: { from: [] } }],
    ["nothing of what never was", null, null, {}],
    ["nothing of the time of the change", { a: { updated_at: "1" } }, { a: { updated_at: "2" }, updated_at: "2" }, {}],
    ["nothing of what is undefined", { a: undefined }, {}, {}],
  ])("tell %s", (_, before, after, changes) => {
    expect(changesBetween(before, after)).toEqual(changes)
  })

  it("tell a field of any name", () => {
    const before = JSON.parse(`{ "__proto__": 1, "metadata": { "__proto__": [1] } }`) as JsonObject
    const after = JSON.parse(`{ "__proto__": 2, "metadata": {} }`) as JsonObject

    expect(Object.entries(changesBetween(before, after))).toEqual([
      ["__proto__", { from: 1, to: 2 }],
      ["metadata.__proto__", { from: [1] }],
    ])
  })

  it("are none if, and only if, both are equal", () => {
    fc.assert(
      fc.property(anObject, anObject, (before, after) => {
        const changes = changesBetween(before, after)

        expect(Object.keys(changes).length === 0).toBe(isEqual(normal(before), normal(after)))
        expect(changesBetween(before, shuffled(before))).toEqual({})
      }),
      { numRuns: 2_000 },
    )
  })

  it("turn what was into what is", () => {
    fc.assert(
      fc.property(fc.option(anObject), fc.option(anObject), (before, after) => {
        const applied = apply(before ?? {}, changesBetween(before, after))

        expect(normal(applied)).toEqual(normal(after ?? {}))
      }),
      { numRuns: 2_000 },
    )
  })

  it("take time by the size of both alone", () => {
    const many = (sku: string) => ({
      variants: Array.from({ length: 50_000 }, (_, index) => ({ id: `v${index}`, sku, prices: [{ amount: index }] })),
    })
    const [before, after] = [many("a"), many("b")]

    const begun = performance.now()
    const changes = changesBetween(before, { variants: after.variants.toReversed() })

    expect(Object.keys(changes)).toHaveLength(50_000)
    // Far more than it takes, and far less than to compare each with each.
    expect(performance.now() - begun).toBeLessThan(5_000)
  })
})

/** Few names and values, so that two objects have some in common. Ids are no numbers: `apply` knows positions by that. */
const name = fc.constantFrom("a", "b.c", "d\\", "updated_at", "", "__proto__")
const scalar = fc.constantFrom(null, true, 0, 1, "x", "", "x.y")
const { anObject } = fc.letrec<{ value: unknown; anObject: JsonObject }>((tie) => ({
  anObject: fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<JsonObject>,
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }),
    tie("anObject"),
    fc.array(tie("anObject"), { maxLength: 3 }),
    fc
      .uniqueArray(fc.constantFrom("x", "y.z", "w"), { maxLength: 3 })
      .chain((ids) => fc.tuple(...ids.map((id) => tie("anObject").map((rest) => ({ ...rest, id }))))),
  ),
}))

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const idOf = (element: unknown) => (isObject(element) && typeof element["id"] === "string" ? element["id"] : undefined)
const haveIds = (list: readonly unknown[]) =>
  list.every((element) => idOf(element) !== undefined) && new Set(list.map(idOf)).size === list.length

/** The same for values that are equal but for the order of elements with ids, of names, and for `updated_at`. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    const elements = haveIds(value) ? value.toSorted((a, b) => ((idOf(a) ?? "") < (idOf(b) ?? "") ? -1 : 1)) : value
    return ["list", ...elements.map(normal)]
  }
  if (!isObject(value)) return value
  const fields = Object.entries(value).filter(([field]) => field !== "updated_at")
  return fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([field, part]) => [field, normal(part)])
}

const isEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** A copy with names, and elements that have ids, the other way round. */
function shuffled<T>(value: T): T {
  if (Array.isArray(value)) return (haveIds(value) ? value.toReversed() : value).map(shuffled) as T
  if (!isObject(value)) return value
  const fields = Object.entries(value).map(([field, part]) => [field, shuffled(part)] as const)
  return Object.fromEntries(fields.toReversed()) as T
}

type Steps = readonly (readonly [path: readonly string[], change: Change])[]

function apply(before: JsonObject, changes: Changes): unknown {
  const steps = Object.entries(changes).map(([path, change]) => {
    const names = [...`.${path}`.matchAll(/\.((?:\\.|[^.\\])*)/g)].map(([, escaped]) => escaped as string)
    return [names.map((escaped) => escaped.replaceAll(/\\(.)/g, "$1")), change] as const
  })
  return applied(before, steps)
}

/** @returns `undefined` for what is removed. */
function applied(value: unknown, steps: Steps): unknown {
  const whole = steps.find(([path]) => path.length === 0)
  if (whole !== undefined) return whole[1].to
  const groups = Map.groupBy(steps, ([[first]]) => first as string)
  const parts = partsOf(value, [...groups.keys()])
  for (const [first, inside] of groups) {
    const part = applied(
      parts.get(first),
      inside.map(([path, change]) => [path.slice(1), change] as const),
    )
    if (part === undefined) parts.delete(first)
    else parts.set(first, part)
  }
  return Array.isArray(value) ? [...parts.values()] : Object.fromEntries(parts)
}

function partsOf(value: unknown, names: readonly string[]): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value as JsonObject))
  const isByPosition = !haveIds(value) || names.some((part) => /^\d+$/.test(part))
  return new Map(value.map((element, index) => [isByPosition ? String(index) : (idOf(element) as string), element]))
}
