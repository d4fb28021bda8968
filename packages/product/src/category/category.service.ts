import {
  hold,
  newId,
  NotFound,
  parse,
  Records,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { z } from "zod"
import { Assignment } from "../fields.ts"
import { chooseHandles, lockHandles } from "../handle/handles.ts"
import { inOrder } from "../in-order.ts"
import { ReferenceUnknown } from "../product/product.errors.ts"
import { categoryResource } from "../product/product.resources.ts"
import { refuse } from "../product/refusals.ts"
import { lockProducts } from "../product/state.ts"
import { ProductCategory } from "./category.entity.ts"
import { CategoryCycle, CategoryNotEmpty } from "./category.errors.ts"
import { CategoryCreated, CategoryDeleted, CategoryUpdated } from "./category.events.ts"
import { CreateCategory, UpdateCategory } from "./category.schema.ts"
import { lockTree, readPaths, type Path } from "./paths.ts"
import { Siblings } from "./siblings.ts"
import { flat, flatten, nest, type CategoryTree, type FlatCategory } from "./tree.ts"

const view = { "*": true, parentCategory: true, categoryChildren: true } as const

/** A category with its parent and its children. */
export type CategoryView = Selected<ProductCategory, typeof view>

const kind = {
  entity: ProductCategory,
  resource: categoryResource,
  fields: view,
  created: CategoryCreated,
  updated: CategoryUpdated,
  deleted: CategoryDeleted,
  refuse: () => refuse,
}

/** More than that is no tree that a person reads. */
const MAX_TREE = 10_000

/** The tree of categories, and which products are where in it. */
export class CategoryService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query
  readonly #categories

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
    this.#categories = new Records(db, events, query, kind)
  }

  /** Without a handle it gets one from its name that no category has. @throws {HandleTaken} {@link ReferenceUnknown} */
  async create(input: CreateCategory): Promise<CategoryView> {
    const [category] = await this.createMany([input])
    return category as CategoryView
  }

  /** Adds any number of categories below those that there are, in a constant number of statements: all or none. */
  async createMany(inputs: readonly CreateCategory[]): Promise<CategoryView[]> {
    const rows = parse(z.array(CreateCategory).max(10_000), inputs)
    if (rows.length === 0) return []
    return this.#db.transaction(async () => {
      await lockTree(this.#db)
      const wanted = rows.map(({ handle, name }) => ({ handle, title: name }))
      const handles = await chooseHandles(this.#db, "product_category", wanted)
      const parents = [...new Set(rows.map(({ parentCategoryId }) => parentCategoryId))]
      const paths = await this.#parents(parents)
      const siblings = await Siblings.read(this.#db, parents)
      const complete = rows.map(({ parentCategoryId, ...row }, index) => {
        const id = newId("pcat")
        siblings.insert(parentCategoryId, id, row.rank)
        return {
          ...row,
          id,
          handle: handles[index] as string,
          parentCategory: parentCategoryId,
          mpath: below(paths, parentCategoryId, id),
        }
      })
      const places = siblings.changes()
      const placed = complete.map((row) => ({ ...row, rank: places.get(row.id) ?? 0 }))
      for (const { id } of placed) places.delete(id)
      return this.#categories.insertMany(placed, () => this.#place(places))
    })
  }

  /**
   * Changes a category; with another parent or rank it moves, and everything below it comes along.
   *
   * @throws {NotFound} {@link HandleTaken} {@link ReferenceUnknown} {@link CategoryCycle}
   */
  async update(id: string, input: UpdateCategory): Promise<CategoryView> {
    const { parentCategoryId, rank, ...fields } = parse(UpdateCategory, input)
    return this.#db.transaction(async () => {
      if (parentCategoryId !== undefined || rank !== undefined) await this.#move(id, parentCategoryId, rank)
      if (fields.handle !== undefined) await lockHandles(this.#db, "product_category", { alone: [fields.handle] })
      await this.#lock(id)
      return this.#categories.update(id, fields)
    })
  }

  /** @param parentCategoryId where it is unless given. @param rank the last, or where it is, unless given. */
  async #move(id: string, parentCategoryId: string | null | undefined, rank: number | undefined): Promise<void> {
    await lockTree(this.#db)
    const from = await this.#path(id)
    const parent = parentCategoryId === undefined ? from.parent : parentCategoryId
    if (parent === from.parent && rank === undefined) return
    const siblings = await Siblings.read(this.#db, [...new Set([from.parent, parent])])
    siblings.remove(from.parent, id)
    siblings.insert(parent, id, rank)
    if (parent !== from.parent) {
      const paths = await this.#parents([parent])
      if (parent !== null && paths.get(parent)?.mpath.split(".").includes(id)) throw new CategoryCycle(id, parent)
      await this.#db.run(
        `update "product"."product_category" set mpath = $2 || substr(mpath, length($1) + 1),
           parent_category_id = case when id = $3 then $4 else parent_category_id end
         where mpath = $1::text or (mpath ~>=~ ($1 || '.') and mpath ~<~ ($1 || '/'))`,
        [from.mpath, below(paths, parent, id), id, parent],
      )
    }
    await this.#place(siblings.changes())
  }

  /** Deletes a category without children; its products are no longer in it. @throws {NotFound} {@link CategoryNotEmpty} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await lockTree(this.#db)
      const { parent } = await this.#path(id)
      const siblings = await Siblings.read(this.#db, [parent, id])
      if (siblings.has(id)) throw new CategoryNotEmpty(id)
      siblings.remove(parent, id)
      await this.#lock(id)
      await this.#categories.delete(id, async () => {
        await this.#db.run(`delete from "product"."product_to_category" where category_id = $1`, [id])
        await this.#place(siblings.changes())
      })
    })
  }

  /**
   * Keeps others from changing the shape of the tree until the transaction under way ends: for whoever holds categories
   * and then moves or deletes one. Called before both, so that callers wait for each other, and never in a circle.
   */
  async holdTree(): Promise<void> {
    if (!this.#db.inTransaction) throw new TypeError("The tree is held in a transaction")
    await lockTree(this.#db)
  }

  /** Puts products into a category and takes others out. @throws {NotFound} when it, or a product to add, is not there. */
  async assignProducts(id: string, input: Assignment): Promise<void> {
    const { add, remove } = parse(Assignment, input)
    await this.#db.transaction(async () => {
      await this.#lock(id)
      if (add.length > 0) await lockProducts(this.#db, add)
      await this.#db.run(
        `delete from "product"."product_to_category" where category_id = $1 and product_id = any($2::text[])`,
        [id, remove],
      )
      await this.#db.run(
        `insert into "product"."product_to_category" (category_id, product_id)
         select $1, product from unnest($2::text[]) as product on conflict do nothing`,
        [id, add],
      )
      await this.#events.emit(CategoryUpdated, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CategoryView> {
    return this.#categories.get(id)
  }

  async findByHandle(handle: string): Promise<CategoryView | null> {
    return this.#categories.find({ handle })
  }

  async list(options: ListOptions & { filter?: Filter<ProductCategory> } = {}): Promise<Page<CategoryView>> {
    return this.#categories.list(options)
  }

  /** The way to a category from the root, without itself. @throws {NotFound} */
  async ancestors(id: string): Promise<FlatCategory[]> {
    const ids = (await this.#path(id)).mpath.split(".").slice(0, -1)
    const read = { fields: flat, filter: { id: ids }, limit: MAX_TREE, count: false } as const
    const { rows } = await this.#query.list(categoryResource, read)
    return inOrder(rows, ids, (row) => row.id)
  }

  /** Everything below a category, parents before their children, siblings by rank. @throws {NotFound} */
  async descendants(id: string): Promise<FlatCategory[]> {
    return flatten(await this.#below((await this.#path(id)).mpath), id)
  }

  /** The whole tree, or what is below a category. @throws {NotFound} */
  async tree(id: string | null = null): Promise<CategoryTree[]> {
    const rows = await this.#below(id === null ? null : (await this.#path(id)).mpath)
    return nest(rows, id)
  }

  /** One statement, whatever the depth: the index on the path finds everything below it. */
  async #below(mpath: string | null): Promise<FlatCategory[]> {
    const filter = mpath === null ? {} : { mpath: { $like: `${mpath.replaceAll(/[\\_%]/g, "\\$&")}.%` } }
    const read = { fields: flat, filter, order: { rank: "asc" }, limit: MAX_TREE, count: false } as const
    const { rows } = await this.#query.list(categoryResource, read)
    return rows
  }

  async #place(places: ReadonlyMap<string, number>): Promise<void> {
    await this.#db.updateRows(
      ProductCategory,
      [...places].map(([id, rank]) => ({ id, rank })),
    )
  }

  async #path(id: string): Promise<Path> {
    const path = (await readPaths(this.#db, [id])).get(id)
    if (path === undefined) throw new NotFound("Product category", id)
    return path
  }

  async #parents(ids: readonly (string | null)[]): Promise<Map<string, Path>> {
    const wanted = ids.filter((id) => id !== null)
    const paths = await readPaths(this.#db, wanted)
    const missing = wanted.filter((id) => !paths.has(id))
    if (missing.length > 0) throw new ReferenceUnknown("product_category", missing)
    return paths
  }

  /** Waits for those who are putting products into it, and lets others wait. */
  async #lock(id: string): Promise<void> {
    await hold(this.#db, categoryResource, [id], "update")
  }
}

function below(paths: ReadonlyMap<string, Path>, parent: string | null, id: string): string {
  const above = parent === null ? undefined : paths.get(parent)
  return above === undefined ? id : `${above.mpath}.${id}`
}
