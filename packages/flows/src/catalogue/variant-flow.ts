import { parse, type Database, type Query } from "@marquetry/kernel"
import { Assignment, imageResource, type ProductService, type VariantService } from "@marquetry/product"
import {
  CreateVariantInputs,
  UpdateVariantInputs,
  VariantIds,
  type ChangedVariant,
  type CreateVariantInput,
  type NewVariant,
  type UpdateVariantInput,
  type UpdateVariantInputById,
} from "./catalogue.schema.ts"
import type { BatchResult } from "./product-flow.ts"
import { assertKnown, ReferenceUnknown } from "../references.ts"
import { assertVariantsOf } from "./variants-of-product.ts"
import { madeVariants, namedByVariants, plainVariant, type VariantParts } from "./variant-parts.ts"

export interface VariantBatch {
  readonly create?: readonly CreateVariantInput[]
  readonly update?: readonly UpdateVariantInputById[]
  /** Ids. */
  readonly delete?: readonly string[]
}

/** Ids that were put in and taken out. */
export interface Assigned {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** Variants of one product, with prices and stock. The product is held meanwhile: changes of it follow each other. */
export class VariantFlow {
  readonly #db: Database
  readonly #query: Query
  readonly #products: ProductService
  readonly #variants: VariantService
  readonly #parts: VariantParts

  constructor(db: Database, query: Query, products: ProductService, variants: VariantService, parts: VariantParts) {
    this.#db = db
    this.#query = query
    this.#products = products
    this.#variants = variants
    this.#parts = parts
  }

  /** Adds a variant. @throws {NotFound} {@link ReferenceUnknown} */
  async create(productId: string, input: CreateVariantInput): Promise<{ id: string }> {
    const { created } = await this.batch(productId, { create: [input] })
    return { id: created[0] as string }
  }

  /** Changes a variant; its `prices` are all that are in no price list. @throws {NotFound} {@link ReferenceUnknown} */
  async update(productId: string, id: string, input: UpdateVariantInput): Promise<void> {
    await this.batch(productId, { update: [{ ...input, id }] })
  }

  /** Deletes a variant with its prices, and the inventory items of nobody else. @throws {NotFound} */
  async delete(productId: string, id: string): Promise<void> {
    await this.batch(productId, { delete: [id] })
  }

  /**
   * Deletes, changes and adds variants, in this order, all or none, in a constant number of statements.
   *
   * @throws {NotFound} when a variant is not one of the product.
   */
  async batch(productId: string, input: VariantBatch): Promise<BatchResult> {
    const create = parse(CreateVariantInputs, input.create ?? [])
    const update = parse(UpdateVariantInputs, input.update ?? [])
    const deleted = parse(VariantIds, input.delete ?? [])
    return this.#db.transaction(async () => {
      await this.#products.hold([productId])
      const updated = update.map(({ id }) => id)
      await assertVariantsOf(this.#query, productId, [...deleted, ...updated])
      await assertKnown(this.#query, namedByVariants([...create, ...update]))
      await this.#delete(deleted)
      await this.#update(update)
      return { created: await this.#create(productId, create), updated, deleted }
    })
  }

  /** Says which images show a variant. @throws {NotFound} {@link ImageOfAnotherProduct} */
  async assignImages(productId: string, variantId: string, input: Assignment): Promise<Assigned> {
    const { add, remove } = parse(Assignment, input)
    return this.#db.transaction(async () => {
      await this.#products.hold([productId])
      await assertVariantsOf(this.#query, productId, [variantId])
      const pairs = (ids: readonly string[]) => ids.map((imageId) => ({ variantId, imageId }))
      await this.#variants.assignImages({ add: pairs(add), remove: pairs(remove) })
      return { added: add, removed: remove }
    })
  }

  /** Says which variants an image shows. @throws {NotFound} {@link ReferenceUnknown} */
  async assignImage(productId: string, imageId: string, input: Assignment): Promise<Assigned> {
    const { add, remove } = parse(Assignment, input)
    return this.#db.transaction(async () => {
      await this.#products.hold([productId])
      await assertVariantsOf(this.#query, productId, [...add, ...remove])
      const image = await this.#query.find(imageResource, { fields: { id: true }, filter: { id: imageId, productId } })
      if (image === null) throw new ReferenceUnknown("product_image", [imageId])
      const pairs = (ids: readonly string[]) => ids.map((variantId) => ({ variantId, imageId }))
      await this.#variants.assignImages({ add: pairs(add), remove: pairs(remove) })
      return { added: add, removed: remove }
    })
  }

  async #delete(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    await this.#variants.deleteMany(ids)
    await this.#parts.removeOf(ids)
  }

  async #update(inputs: readonly ChangedVariant[]): Promise<void> {
    if (inputs.length === 0) return
    await this.#variants.updateMany(inputs.map(plainVariant))
    await this.#parts.setPrices(inputs)
  }

  async #create(productId: string, inputs: readonly NewVariant[]): Promise<string[]> {
    if (inputs.length === 0) return []
    const made = await this.#variants.createMany(productId, inputs.map(plainVariant))
    await this.#parts.make(madeVariants(made, inputs))
    return made.map(({ id }) => id)
  }
}
