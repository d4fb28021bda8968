import { describe, expect, it } from "vitest"
import { z } from "zod"
import { faultsOf } from "./errors.ts"

describe("the faults of a union", () => {
  const Item = z.strictObject({ name: z.string(), size: z.strictObject({ width: z.number() }).optional() })
  const Either = z.strictObject({ chosen: z.union([Item, z.array(Item), z.string().max(5)]) })

  it.each([
    [{ name: 1 }, ["Expected type: 'string' for field 'chosen.name', got: 'number'"]],
    [{ name: "a", colour: "red" }, ["Unrecognized fields: 'chosen.colour'"]],
    [{ name: "a", size: { width: "x" } }, ["Expected type: 'number' for field 'chosen.size.width', got: 'x'"]],
    [[{}], ["Field 'chosen.0.name' is required"]],
    ["longer", ["Value for field 'chosen' too big, expected at most: '5'"]],
    [7, ["Invalid input for field 'chosen'"]],
  ])("are those of the option that was meant: %j", (chosen, faults) => {
    const { error } = Either.safeParse({ chosen }, { reportInput: true })

    expect(error && faultsOf(error)).toEqual(faults)
  })
})
