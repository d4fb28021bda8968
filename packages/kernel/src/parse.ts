import type { z } from "zod"
import { InvalidInput } from "./errors.ts"
import { faultIn } from "./text.ts"

/**
 * Checks an input against its schema, and that Postgres can keep its texts: U+0000, half a surrogate pair and more than
 * 100 levels are refused wherever they are, in `metadata` too.
 *
 * @throws {InvalidInput} with every issue at once, each with its path.
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (!result.success) throw InvalidInput.from(result.error)
  const fault = faultIn(result.data)
  if (fault !== undefined) throw new InvalidInput([fault])
  return result.data
}
