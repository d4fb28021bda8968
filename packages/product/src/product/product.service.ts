import {
  MAX_LIMIT,
  NotFound,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { z } from "zod"
import { chooseHandles, lockHandles } from "../handle/handles.ts"
import { slugOf } from "../handle/slug.ts"
import { inOrder } from "../in-order.ts"
import { optionsAfter } from "../option/change-options.ts"
import { ChangeOptions } from "../option/option.schema.ts"
import { emitVariantEvents } from "../variant/variant.events.ts"
import { Changes, type Row } from "./changes.ts"
import { planChangedProduct, planNewProduct } from "./plan-product.ts"
import type { Product } from "./product.entity.ts"
import { ProductCreated, ProductDeleted, ProductPublished, ProductRestored, ProductUpdated } from "./product.events.ts"
import { productResource } from "./product.resources.ts"
import { CreateProduct, UpdateProduct, UpdateProductById } from "./product.schema.ts"
import { namedBy, resolveReferences } from "./references.ts"
import { refuse } from "./refusals.ts"
import { handlesOf, softlyDelete, undelete } from "./soft-delete.ts"
import { lockProducts, readStates, type ProductState } from "./state.ts"

const view = {
  "*": true,
  type: true,
  collection: true,
  tags: true,
  categories: true,
  images: true,
  options: { "*": true, values: true },
  variants: { "*": true, options: true, images: true },
} as const

/** A product with everything that belongs to it. */
export type ProductView = Selected<Product, typeof view>

/** A variant that was made just now. */
export interface WrittenVariant {
  readonly id: string
  /** As it was given, or made from its values. */
  readonly title: string
}

/** What a call made of a product, so that others can do the same to what is theirs of it. */
export interface WrittenProduct {
  readonly id: string
  /** Variants that it did not have before, in the order in which they were named. */
  readonly newVariants: readonly WrittenVariant[]
  /** Those that it has no more. */
  readonly deletedVariantIds: readonly string[]
}

/** Products that one call may write. */
const MAX_PRODUCTS = 5_000
const many = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).max(MAX_PRODUCTS)

const distinct = many(UpdateProductById).refine(
  (inputs) => new Set(inputs.map(({ id }) => id)).size === inputs.length,
  "every product once",
)

/** Products, with their options, variants and images. */
export class ProductService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /**
   * Adds a product. Without a handle it gets one from its title that nobody has.
   *
   * @throws {HandleTaken} {@link SkuTaken} {@link ReferenceUnknown} {@link OptionValueMissing} {@link InvalidInput}
   */
  async create(input: CreateProduct): Promise<ProductView> {
    const data = parse(CreateProduct, input)
    const [product] = await this.#read(() => this.#create([data]))
    return product as ProductView
  }

  /**
   * Adds any number of products, up to 5,000, in a constant number of statements: all of them or none.
   *
   * @returns them in the order of `inputs`.
   * @throws {HandleTaken} {@link SkuTaken} {@link ReferenceUnknown} {@link OptionValueMissing} {@link InvalidInput}
   */
  async createMany(inputs: readonly CreateProduct[]): Promise<ProductView[]> {
    const data = parse(many(CreateProduct), inputs)
    return this.#read(() => this.#create(data))
  }

  /** Like {@link createMany}, without reading what was made: for many, that takes longer than to make them. */
  async addMany(inputs: readonly CreateProduct[]): Promise<WrittenProduct[]> {
    return this.#create(parse(many(CreateProduct), inputs))
  }

  async #create(inputs: readonly z.output<typeof CreateProduct>[]): Promise<WrittenProduct[]> {
    if (inputs.length === 0) return []
    return this.#db.transaction(async () => {
      const handles = await chooseHandles(this.#db, "product", inputs, "together")
      const known = await resolveReferences(this.#db, namedBy(inputs))
      const changes = new Changes()
      const ids = inputs.map((input, index) => planNewProduct(changes, input, handles[index] as string, known))
      await changes.apply(this.#db).catch(refuse)
      await this.#events.emitMany(ProductCreated, payloads(ids))
      const published = ids.filter((_, index) => inputs[index]?.status === "published")
      await this.#events.emitMany(ProductPublished, payloads(published))
      await emitVariantEvents(this.#events, changes)
      return writtenProducts(ids, changes)
    })
  }

  /**
   * Changes fields, and lists as a whole: what a list does not name is taken away. Variants and images are matched by
   * id, options by id or title.
   *
   * @throws {NotFound} {@link HandleTaken} {@link SkuTaken} {@link ReferenceUnknown} {@link OptionInUse}
   */
  async update(id: string, input: UpdateProduct): Promise<ProductView> {
    const data = parse(UpdateProduct, input)
    const [product] = await this.#read(() => this.#update([{ ...data, id }]))
    return product as ProductView
  }

  /** Changes any number of products, up to 5,000, in a constant number of statements: all of them or none. */
  async updateMany(inputs: readonly UpdateProductById[]): Promise<ProductView[]> {
    const data = parse(distinct, inputs)
    return this.#read(() => this.#update(data))
  }

  /** Like {@link updateMany}, without reading what became of the products. */
  async changeMany(inputs: readonly UpdateProductById[]): Promise<WrittenProduct[]> {
    return this.#update(parse(distinct, inputs))
  }

  async #update(inputs: readonly z.output<typeof UpdateProductById>[]): Promise<WrittenProduct[]> {
    if (inputs.length === 0) return []
    const ids = inputs.map(({ id }) => id)
    return this.#db.transaction(async () => {
      const handles = inputs.flatMap(({ handle }) => handle ?? [])
      if (handles.length > 0) await lockHandles(this.#db, "product", { alone: handles })
      // What is named is locked before the products: whoever deletes a collection takes the locks in that order too.
      const known = await resolveReferences(this.#db, namedBy(inputs))
      const before = await lockProducts(this.#db, ids)
      const deep = inputs.filter(({ options, variants, images }) => options ?? variants ?? images)
      const deepIds = deep.map(({ id }) => id)
      const states = await readStates(this.#db, deepIds)
      const changes = new Changes()
      for (const input of inputs) planChangedProduct(changes, input, states.get(input.id), known)
      await changes.apply(this.#db).catch(refuse)
      await this.#events.emitMany(ProductUpdated, payloads(ids))
      const published = inputs.filter(({ status, id }) => {
        return status === "published" && before.get(id)?.status !== "published"
      })
      await this.#events.emitMany(ProductPublished, payloads(published.map(({ id }) => id)))
      await emitVariantEvents(this.#events, changes)
      return writtenProducts(ids, changes)
    })
  }

  /**
   * Gives a product options, takes some away, and changes which values it offers. Variants without a value of a new
   * option get its first.
   *
   * @throws {NotFound} {@link OptionInUse} {@link OptionTitleTaken} {@link ChoiceTaken} {@link ReferenceUnknown}
   */
  async changeOptions(id: string, input: ChangeOptions): Promise<ProductView> {
    const change = parse(ChangeOptions, input)
    return this.#db.transaction(async () => {
      await lockProducts(this.#db, [id])
      const state = (await readStates(this.#db, [id])).get(id) as ProductState
      const [product] = await this.#read(() => this.#update([{ id, options: optionsAfter(state, change) }]))
      return product as ProductView
    })
  }

  /**
   * Takes the locks that come before those of products, of handles and of what is named, as {@link changeMany} and
   * {@link addMany} will need them: for whoever holds products before they make these calls.
   *
   * @throws {ReferenceUnknown}
   */
  async holdNamed(created: readonly CreateProduct[], changed: readonly UpdateProductById[]): Promise<void> {
    if (!this.#db.inTransaction) throw new TypeError("What products name is held in a transaction")
    const isAsked = ({ handle }: CreateProduct) => handle !== undefined && handle !== ""
    const alone = [
      ...created.flatMap((product) => (isAsked(product) ? [] : slugOf(product.title))),
      ...changed.flatMap(({ handle }) => handle ?? []),
    ]
    const together = created.flatMap(({ handle }) => handle || [])
    if (alone.length + together.length > 0) await lockHandles(this.#db, "product", { alone, together })
    await resolveReferences(this.#db, namedBy([...created, ...changed]))
  }

  /**
   * Keeps others from changing products until the transaction under way ends: for whoever makes several calls about them
   * in one. Called before those, so that callers wait for each other, and never in a circle.
   *
   * @throws {NotFound}
   */
  async hold(ids: readonly string[]): Promise<void> {
    if (!this.#db.inTransaction) throw new TypeError("Products are held in a transaction")
    if (ids.length > 0) await lockProducts(this.#db, ids)
  }

  /** Makes a product visible to shoppers. Harmless when it is. @throws {NotFound} */
  async publish(id: string): Promise<ProductView> {
    return this.update(id, { status: "published" })
  }

  /** Deletes a product, its variants and images, and the options made for it. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /** Deletes any number of products, all or none. @returns ids of the variants that went with them. @throws {NotFound} */
  async deleteMany(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return []
    return this.#db.transaction(async () => {
      await lockProducts(this.#db, ids)
      const variantIds = await softlyDelete(this.#db, ids)
      await this.#events.emitMany(ProductDeleted, payloads(ids))
      return variantIds
    })
  }

  /**
   * Brings a deleted product back, with what was deleted with it.
   *
   * @throws {NotFound} when no deleted product has the id.
   * @throws {HandleTaken} {@link SkuTaken} when another took it meanwhile.
   */
  async restore(id: string): Promise<ProductView> {
    return this.#db.transaction(async () => {
      await lockHandles(this.#db, "product", { alone: await handlesOf(this.#db, id) })
      if (!(await undelete(this.#db, id).catch(refuse))) throw new NotFound("Product", id)
      await this.#events.emit(ProductRestored, { id })
      return this.get(id)
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ProductView> {
    return this.#query.get(productResource, id, { fields: view })
  }

  async findByHandle(handle: string): Promise<ProductView | null> {
    return this.#query.find(productResource, { fields: view, filter: { handle } })
  }

  async list(options: ListOptions & { filter?: Filter<Product> } = {}): Promise<Page<ProductView>> {
    return this.#query.list(productResource, { ...options, fields: view })
  }

  /** What was written, as it can be seen in the same transaction, in order. */
  async #read(write: () => Promise<readonly WrittenProduct[]>): Promise<ProductView[]> {
    return this.#db.transaction(async () => {
      const ids = (await write()).map(({ id }) => id)
      if (ids.length === 0) return []
      const filter = { id: ids }
      const { rows } = await this.#query.list(productResource, { fields: view, filter, limit: MAX_LIMIT, count: false })
      return inOrder(rows, ids, ({ id }) => id)
    })
  }
}

const payloads = (ids: readonly string[]) => ids.map((id) => ({ id }))

function writtenProducts(ids: readonly string[], { variants, productOf }: Changes): WrittenProduct[] {
  const made = Map.groupBy(variants.inserted, ({ product }) => product)
  const deleted = Map.groupBy(variants.deleted, (id) => productOf.get(id))
  return ids.map((id) => ({
    id,
    newVariants: (made.get(id) ?? []).map(toWrittenVariant),
    deletedVariantIds: deleted.get(id) ?? [],
  }))
}

const toWrittenVariant = (row: Row): WrittenVariant => ({ id: String(row["id"]), title: String(row["title"]) })
