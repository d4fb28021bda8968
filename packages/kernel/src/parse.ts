import type { z } from "zod"
import { InvalidInput } from "./errors.ts"

/**
 * Checks an input against its schema.
 *
 * @throws {InvalidInput} with every issue at once, each with its path.
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (!result.success) throw InvalidInput.from(result.error)
  return result.data
}
