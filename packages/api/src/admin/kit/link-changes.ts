import { Database, Links, NotFound, Query, ResourceRegistry, type TableLink } from "@marquetry/kernel"
import type { RequestInfo } from "@marquetry/http"
import { z } from "zod"

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
  wanted: readonly string[],
): Promise<void> {
  if (wanted.length === 0) return
  const { rows } = await resolve<Query>(Query).listAny(resource, {
    fields: { id: true },
    filter: { id: wanted },
    limit: wanted.length,
    count: false,
  })
  assertFound(resource, wanted, rows)
}

/**
 * Like {@link assertThere}, and holds them until the transaction ends: whoever deletes one waits, and sees what was made of
 * it meanwhile. They come after the row that is changed, and before what is kept there.
 *
 * @throws {NotFound} naming the first that is not there.
 */
export async function holdThere(
  { resolve }: Pick<RequestInfo, "resolve">,
  resource: string,
  wanted: readonly string[],
): Promise<void> {
  if (wanted.length === 0) return
  const { table, key, softDelete } = resolve<ResourceRegistry>(ResourceRegistry).resource(resource)
  const there = softDelete ? "and deleted_at is null" : ""
  const rows = await resolve<Database>(Database).sql<{ id: string }>(
    `select "${key}" as id from ${table} where "${key}" = any($1::text[]) ${there} order by 1 for share`,
    [wanted],
  )
  assertFound(resource, wanted, rows)
}

function assertFound(resource: string, wanted: readonly string[], rows: readonly { readonly id?: unknown }[]): void {
  const found = new Set(rows.map(({ id }) => id))
  const missing = wanted.find((one) => !found.has(one))
  if (missing !== undefined) throw new NotFound(resource.replaceAll("_", " "), missing)
}
