import {
  MAX_LIMIT,
  NotFound,
  parse,
  type Database,
  type EntityOf,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { z } from "zod"
import { inOrder } from "../in-order.ts"
import { Changes } from "../product/changes.ts"
import { variantResource } from "../product/product.resources.ts"
import { refuse } from "../product/refusals.ts"
import { lockProducts, readStates } from "../product/state.ts"
import { planVariants, type VariantWishes } from "./plan-variants.ts"
import { ImageOfAnotherProduct } from "./variant.errors.ts"
import { emitVariantEvents, VariantDeleted, VariantUpdated } from "./variant.events.ts"
import { AssignImages, CreateVariant, UpdateVariantById, type UpdateVariant } from "./variant.schema.ts"

const view = { "*": true, options: { "*": true, option: { id: true, title: true } }, images: true } as const

/** What reads of the resource show: everything but what is private in it. */
type ReadableVariant = EntityOf<typeof variantResource>

/** A variant with its option values and the images that show it. */
export type VariantView = Selected<ReadableVariant, typeof view>

const MAX_VARIANTS = 10_000
const many = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).max(MAX_VARIANTS)
const none: VariantWishes = { created: [], updated: [], replace: false }

/** Variants of products that are there already. */
export class VariantService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {NotFound} {@link SkuTaken} {@link ChoiceTaken} {@link OptionValueMissing} {@link OptionValueUnknown} */
  async create(productId: string, input: CreateVariant): Promise<VariantView> {
    const [variant] = await this.createMany(productId, [input])
    return variant as VariantView
  }

  /** Adds any number of variants to a product in a constant number of statements: all of them or none. */
  async createMany(productId: string, inputs: readonly CreateVariant[]): Promise<VariantView[]> {
    const created = parse(many(CreateVariant), inputs)
    return this.#write(new Map([[productId, { ...none, created }]]))
  }

  /** @throws {NotFound} {@link SkuTaken} {@link ChoiceTaken} {@link OptionValueUnknown} {@link InvalidInput} */
  async update(id: string, input: UpdateVariant): Promise<VariantView> {
    const [variant] = await this.updateMany([{ ...input, id }])
    return variant as VariantView
  }

  /** Changes any number of variants, of any products, in a constant number of statements: all of them or none. */
  async updateMany(inputs: readonly UpdateVariantById[]): Promise<VariantView[]> {
    const updated = parse(distinct, inputs)
    const productOf = await this.#productsOf(updated.map(({ id }) => id))
    const byProduct = Map.groupBy(updated, ({ id }) => productOf.get(id) as string)
    return this.#write(new Map([...byProduct].map(([id, wishes]) => [id, { ...none, updated: wishes }])))
  }

  async #write(wishes: ReadonlyMap<string, VariantWishes>): Promise<VariantView[]> {
    if (wishes.size === 0) return []
    const productIds = [...wishes.keys()]
    return this.#db.transaction(async () => {
      await lockProducts(this.#db, productIds)
      const states = await readStates(this.#db, productIds)
      const changes = new Changes()
      for (const state of states.values()) planVariants(changes, state, state.options, wishes.get(state.id) ?? none)
      await changes.apply(this.#db).catch(refuse)
      await emitVariantEvents(this.#events, changes)
      return this.#read([...changes.productOf.keys()])
    })
  }

  /** @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /** Deletes any number of variants, all or none. @throws {NotFound} */
  async deleteMany(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    await this.#db.transaction(async () => {
      const deleted = await this.#db.sql<{ id: string; product_id: string }>(
        `with gone as (
           select id from "product"."product_variant" where id = any($1::text[]) and deleted_at is null
           order by id for update
         )
         update "product"."product_variant" v set deleted_at = $2 from gone where v.id = gone.id
         returning v.id, v.product_id`,
        [ids, new Date().toISOString()],
      )
      const found = new Map(deleted.map((row) => [row.id, row.product_id]))
      const payloads = ids.map((id) => {
        const productId = found.get(id)
        if (productId === undefined) throw new NotFound("Product variant", id)
        return { id, productId }
      })
      await this.#events.emitMany(VariantDeleted, payloads)
    })
  }

  /**
   * Says which images show which variants, and which no longer do. Both must be of the same product.
   *
   * @throws {ImageOfAnotherProduct}
   */
  async assignImages(input: AssignImages): Promise<void> {
    const { add, remove } = parse(AssignImages, input)
    await this.#db.transaction(async () => {
      const pairs = `json_to_recordset($1::json) as pair ("variantId" text, "imageId" text)`
      await this.#db.run(
        `delete from "product"."variant_to_image" using ${pairs}
         where variant_id = "variantId" and image_id = "imageId"`,
        [JSON.stringify(remove)],
      )
      const [known] = await this.#db.sql<{ fitting: number }>(
        `with fitting as (
           select v.id as variant_id, i.id as image_id from ${pairs}
           join "product"."product_variant" v on v.id = "variantId" and v.deleted_at is null
           join "product"."product_image" i on i.id = "imageId" and i.deleted_at is null and i.product_id = v.product_id
         ), added as (
           insert into "product"."variant_to_image" (variant_id, image_id)
           select distinct variant_id, image_id from fitting order by 1, 2 on conflict do nothing
         )
         select count(*)::int as fitting from fitting`,
        [JSON.stringify(add)],
      )
      if (known?.fitting !== add.length) throw new ImageOfAnotherProduct()
      const touched = [...new Set([...add, ...remove].map(({ variantId }) => variantId))]
      const productOf = await this.#productsOf(touched)
      await this.#events.emitMany(
        VariantUpdated,
        touched.map((id) => ({ id, productId: productOf.get(id) as string })),
      )
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<VariantView> {
    return this.#query.get(variantResource, id, { fields: view })
  }

  async findBySku(sku: string): Promise<VariantView | null> {
    return this.#query.find(variantResource, { fields: view, filter: { sku } })
  }

  async list(options: ListOptions & { filter?: Filter<ReadableVariant> } = {}): Promise<Page<VariantView>> {
    return this.#query.list(variantResource, { ...options, fields: view })
  }

  async #productsOf(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#db.sql<{ id: string; product_id: string }>(
      `select id, product_id from "product"."product_variant" where id = any($1::text[]) and deleted_at is null`,
      [ids],
    )
    const found = new Map(rows.map((row) => [row.id, row.product_id]))
    const missing = ids.find((id) => !found.has(id))
    if (missing !== undefined) throw new NotFound("Product variant", missing)
    return found
  }

  async #read(ids: readonly string[]): Promise<VariantView[]> {
    const filter = { id: ids }
    const { rows } = await this.#query.list(variantResource, { fields: view, filter, limit: MAX_LIMIT, count: false })
    return inOrder(rows, ids, ({ id }) => id)
  }
}

const distinct = many(UpdateVariantById).refine(
  (inputs) => new Set(inputs.map(({ id }) => id)).size === inputs.length,
  "every variant once",
)
