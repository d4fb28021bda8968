import { Links, Query, type TableLink } from "@marquetry/kernel"
import type { RequestInfo } from "@marquetry/http"
import { z } from "zod"
import { assertNamed, holdRows, type Named } from "./holding.ts"

const ids = z.array(z.string().max(200)).max(1_000).default([])

/** What is joined to a row, and what is parted from it. */
export const LinkChanges = z.strictObject({ add: ids, remove: ids })
export type LinkChanges = z.output<typeof LinkChanges>

/**
 * Joins rows to one row of the left, or the right, and parts others. Three statements.
 *
 * @param side which side of the link the row is on.
 * @throws {NotFound} when one that is to be joined is not there. What is parted need not be.
 */
export async function changeLinks(
  { resolve }: Pick<RequestInfo, "resolve">,
  link: TableLink,
  side: "left" | "right",
  id: string,
  { add, remove }: LinkChanges,
): Promise<void> {
  const other = side === "left" ? link.right : link.left
  await assertThere({ resolve }, other.name, add)
  const pairs = (others: readonly string[]) =>
    others.map((one): [left: string, right: string] => (side === "left" ? [id, one] : [one, id]))
  const links = resolve<Links>(Links)
  await links.remove(link, pairs(remove))
  await links.add(link, pairs(add))
}

/** @throws {NotFound} naming the first that is not there. */
export async function assertThere(
  { resolve }: Pick<RequestInfo, "resolve">,
  resource: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  const read = { fields: { id: true }, filter: { id: ids }, limit: ids.length, count: false } as const
  const { rows } = await resolve<Query>(Query).listAny(resource, read)
  assertNamed(named(resource, ids), rows)
}

/**
 * Like {@link assertThere}, and holds them until the transaction ends: whoever deletes one waits, and sees what was made of
 * it meanwhile. They come after the row that is changed, and before what is kept there.
 *
 * @throws {NotFound} naming the first that is not there.
 */
export async function holdThere(
  context: Pick<RequestInfo, "resolve">,
  resource: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) await holdRows(context, named(resource, ids), "share")
}

const named = (resource: string, ids: readonly string[]): Named => ({
  resource,
  label: resource.replaceAll("_", " "),
  ids,
})
