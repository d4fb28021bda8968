import type { AnyRead, Query } from "@marquetry/kernel"

const PAGE = 200

/** Rows of a resource in order of their ids, a page at a time by cursor: each once, while others come and go. */
export async function* pagesOf<Row>(
  query: Query,
  resource: string,
  read: Pick<AnyRead, "fields" | "filter" | "q">,
  signal: AbortSignal,
): AsyncGenerator<Row> {
  let after: string | null = null
  do {
    signal.throwIfAborted()
    const page = await query.listAny(resource, { ...read, after, limit: PAGE, count: false })
    yield* page.rows as Row[]
    after = page.next
  } while (after !== null)
}
