import { z } from "zod"
import { defineEvent } from "../src/index.ts"

export const bookLent = defineEvent("book.lent", z.object({ id: z.string(), reader: z.number() }))
export const bookLost = defineEvent("book.lost", z.object({ isbn: z.string() }))
