import type { Database } from "@marquetry/kernel"

/** Lists of siblings in their order, by parent; under `null`, the roots. */
export class Siblings {
  readonly #lists = new Map<string | null, string[]>()
  readonly #before = new Map<string, number>()

  /** Reads the children of these parents. */
  static async read(db: Database, parents: readonly (string | null)[]): Promise<Siblings> {
    const rows = await db.sql<{ id: string; parent: string | null; rank: number }>(
      `select id, parent_category_id as parent, rank from "product"."product_category"
       where (parent_category_id = any($1::text[]) or ($2 and parent_category_id is null)) and deleted_at is null
       order by rank, id`,
      [parents.filter((parent) => parent !== null), parents.includes(null)],
    )
    const siblings = new Siblings()
    for (const parent of parents) siblings.#lists.set(parent, [])
    for (const { id, parent, rank } of rows) {
      siblings.#lists.get(parent)?.push(id)
      siblings.#before.set(id, rank)
    }
    return siblings
  }

  /** @param rank the last when left out. */
  insert(parent: string | null, id: string, rank = Number.MAX_SAFE_INTEGER): void {
    this.#listOf(parent).splice(rank, 0, id)
  }

  remove(parent: string | null, id: string): void {
    const list = this.#listOf(parent)
    const place = list.indexOf(id)
    if (place >= 0) list.splice(place, 1)
  }

  has(parent: string | null): boolean {
    return this.#listOf(parent).length > 0
  }

  /** Every place that is not what it was, by id. */
  changes(): Map<string, number> {
    const places = [...this.#lists.values()].flatMap((list) => list.map((id, rank) => [id, rank] as const))
    return new Map(places.filter(([id, rank]) => this.#before.get(id) !== rank))
  }

  #listOf(parent: string | null): string[] {
    const list = this.#lists.get(parent) ?? []
    this.#lists.set(parent, list)
    return list
  }
}
