import { p } from "@mikro-orm/core"
import { newId } from "./id.ts"

/** The primary key of an entity: text, made by {@link newId} when the row is. */
export const id = (prefix: string) =>
  p
    .text()
    .primary()
    .onCreate(() => newId(prefix))

const instant = () => p.datetime(3)

/** When the row was made and last changed. Milliseconds, as JavaScript and the wire know them. */
export const timestamps = {
  createdAt: instant().onCreate(() => new Date()),
  updatedAt: instant()
    .onCreate(() => new Date())
    .onUpdate(() => new Date()),
}

/** Marks rows that are deleted but can be restored. Reads hide them unless they are asked for. */
export const softDelete = {
  deletedAt: instant().strictNullable().default(null),
}

/** Anything that a shop wants to keep with a row. Never read by us. */
export const metadata = {
  metadata: p.json<Record<string, unknown>>().strictNullable().default(null),
}
