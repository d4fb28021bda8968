import { allDone, parse, type Database, type Links, type Query } from "@marquetry/kernel"
import type { ProductService, WrittenProduct } from "@marquetry/product"
import { storeResource } from "@marquetry/store"
import { z } from "zod"
import { productSalesChannel, productShippingProfile } from "../links.ts"
import {
  CreateProductInput,
  CreateProductInputs,
  id as Id,
  UpdateProductInput,
  UpdateProductInputs,
  type UpdateProductInputById,
  type ChangedProduct,
  type ChangedVariant,
  type NewProduct,
  type NewVariant,
} from "./catalogue.schema.ts"
import { assertKnown } from "../references.ts"
import { madeVariants, namedByVariants, plainVariant, type VariantParts } from "./variant-parts.ts"

export interface ProductBatch {
  readonly create?: readonly CreateProductInput[]
  readonly update?: readonly UpdateProductInputById[]
  /** Ids. */
  readonly delete?: readonly string[]
}

/** Ids, in the order of what was asked. */
export interface BatchResult {
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly deleted: readonly string[]
}

const Ids = z.array(Id).max(5_000)

/**
 * Products with what belongs to them in other modules: prices, stock, channels and shipping profiles. Any number of them
 * takes a constant number of statements, and is written as a whole or not at all. Errors of the modules pass through.
 */
export class ProductFlow {
  readonly #db: Database
  readonly #query: Query
  readonly #links: Links
  readonly #products: ProductService
  readonly #parts: VariantParts

  constructor(db: Database, query: Query, links: Links, products: ProductService, parts: VariantParts) {
    this.#db = db
    this.#query = query
    this.#links = links
    this.#products = products
    this.#parts = parts
  }

  /** Adds a product. @throws {ReferenceUnknown} */
  async create(input: CreateProductInput): Promise<{ id: string }> {
    const [id] = await this.#create([parse(CreateProductInput, input)])
    return { id: id as string }
  }

  /** Adds up to 5,000 products with 10,000 variants. @returns their ids, in order. @throws {ReferenceUnknown} */
  async createMany(inputs: readonly CreateProductInput[]): Promise<string[]> {
    return this.#create(parse(CreateProductInputs, inputs))
  }

  /**
   * Changes fields, and lists as a whole: variants are matched by id, those without one are new, and those that are not
   * named are deleted.
   *
   * @throws {NotFound} {@link ReferenceUnknown}
   */
  async update(id: string, input: UpdateProductInput): Promise<void> {
    await this.#update([{ ...parse(UpdateProductInput, input), id }])
  }

  /** Changes up to 5,000 products, each named once. @throws {NotFound} {@link ReferenceUnknown} */
  async updateMany(inputs: readonly UpdateProductInputById[]): Promise<void> {
    await this.#update(parse(UpdateProductInputs, inputs))
  }

  /** Deletes products with their variants, prices, and the inventory items of nobody else. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /** Deletes products, all or none. @throws {NotFound} */
  async deleteMany(ids: readonly string[]): Promise<void> {
    await this.#delete(parse(Ids, ids))
  }

  /** Deletes, changes and adds products, in this order: what goes leaves its handle and SKUs to what comes. */
  async batch(input: ProductBatch): Promise<BatchResult> {
    const create = parse(CreateProductInputs, input.create ?? [])
    const update = parse(UpdateProductInputs, input.update ?? [])
    const deleted = parse(Ids, input.delete ?? [])
    return this.#db.transaction(async () => {
      const updated = update.map(({ id }) => id)
      // Of one kind of change the service takes the locks in order; of several, nobody else would.
      if (deleted.length > 0 || (updated.length > 0 && create.length > 0)) await this.#holdNamed(create, update)
      if (deleted.length > 0 && updated.length > 0) await this.#products.hold([...deleted, ...updated])
      await this.#delete(deleted)
      await this.#update(update)
      return { created: await this.#create(create), updated, deleted }
    })
  }

  /**
   * Takes the locks that come before those of products, as {@link batch} or {@link update} will need them: for whoever
   * holds products before they have them changed.
   *
   * @throws {ReferenceUnknown}
   */
  async holdNamed({ create = [], update = [], delete: deleted = [] }: ProductBatch): Promise<void> {
    if (update.length + deleted.length === 0) return
    await this.#holdNamed(parse(CreateProductInputs, create), parse(UpdateProductInputs, update))
  }

  async #holdNamed(create: readonly NewProduct[], update: readonly ChangedProduct[]): Promise<void> {
    await this.#products.holdNamed(create.map(plainProduct), update.map(plainChange))
  }

  async #create(inputs: readonly NewProduct[]): Promise<string[]> {
    if (inputs.length === 0) return []
    return this.#db.transaction(async () => {
      const [standard] = await allDone([
        this.#defaultChannel(inputs),
        assertKnown(this.#query, namedByProducts(inputs)),
      ])
      const products = await this.#products.addMany(inputs.map(plainProduct))
      const variants = products.flatMap((product, index) =>
        madeVariants(product.newVariants, (inputs[index] as NewProduct).variants),
      )
      const given = zip(products, inputs)
      await allDone([
        this.#parts.make(variants),
        this.#links.add(
          productSalesChannel,
          given.flatMap(([{ id }, { salesChannels = standard }]) => pairs(id, salesChannels)),
        ),
        this.#links.add(productShippingProfile, given.flatMap(profilePairs)),
      ])
      return products.map(({ id }) => id)
    })
  }

  /** The channel of products that name none; none where the store has none. */
  async #defaultChannel(inputs: readonly NewProduct[]): Promise<readonly { readonly id: string }[]> {
    if (inputs.every(({ salesChannels }) => salesChannels !== undefined)) return []
    const store = await this.#query.find(storeResource, { fields: { defaultSalesChannelId: true }, filter: {} })
    const id = store?.defaultSalesChannelId ?? null
    return id === null ? [] : [{ id }]
  }

  async #update(inputs: readonly ChangedProduct[]): Promise<void> {
    if (inputs.length === 0) return
    await this.#db.transaction(async () => {
      await assertKnown(this.#query, namedByProducts(inputs))
      // From here on the products are held: what else belongs to them changes one caller after the other.
      const products = await this.#products.changeMany(inputs.map(plainChange))
      const given = zip(products, inputs)
      // First what goes: its items may have the SKUs of what comes.
      await this.#parts.removeOf(products.flatMap(({ deletedVariantIds }) => deletedVariantIds))
      await this.#parts.make(given.flatMap(addedVariants))
      await this.#parts.setPrices(inputs.flatMap(({ variants = [] }) => variants.filter(isKnown)))
      await this.#link(given)
    })
  }

  async #link(given: readonly Given<ChangedProduct>[]): Promise<void> {
    const sold = given.filter(([, { salesChannels }]) => salesChannels !== undefined)
    const sent = given.filter(([, { shippingProfileId }]) => shippingProfileId !== undefined)
    await this.#links.removeAllOf(productSalesChannel, idsOf(sold))
    await this.#links.removeAllOf(productShippingProfile, idsOf(sent))
    await this.#links.add(
      productSalesChannel,
      sold.flatMap(([{ id }, { salesChannels = [] }]) => pairs(id, salesChannels)),
    )
    await this.#links.add(productShippingProfile, sent.flatMap(profilePairs))
  }

  async #delete(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    await this.#db.transaction(async () => {
      await this.#parts.removeOf(await this.#products.deleteMany(ids))
      await this.#links.removeAllOf(productSalesChannel, ids)
      await this.#links.removeAllOf(productShippingProfile, ids)
    })
  }
}

type Given<Input> = readonly [product: WrittenProduct, input: Input]

const zip = <Input>(products: readonly WrittenProduct[], inputs: readonly Input[]): Given<Input>[] =>
  products.map((product, index) => [product, inputs[index] as Input])

const idsOf = (given: readonly Given<unknown>[]) => given.map(([{ id }]) => id)

const pairs = (productId: string, rows: readonly { readonly id: string }[]) =>
  [...new Set(rows.map(({ id }) => id))].map((id) => [productId, id] as const)

const profilePairs = ([{ id }, { shippingProfileId }]: Given<NewProduct | ChangedProduct>) =>
  shippingProfileId == null ? [] : [[id, shippingProfileId] as const]

const isKnown = (variant: NewVariant | ChangedVariant): variant is ChangedVariant => "id" in variant

/** Variants that an update made: those that it did not name by id. */
function addedVariants([{ newVariants }, { variants = [] }]: Given<ChangedProduct>) {
  return madeVariants(newVariants, variants.filter((variant) => !isKnown(variant)) as NewVariant[])
}

/** Rows of other modules that products name; the product module looks for those of its own. */
function namedByProducts(inputs: readonly (NewProduct | ChangedProduct)[]) {
  return {
    sales_channel: inputs.flatMap(({ salesChannels = [] }) => salesChannels.map(({ id }) => id)),
    shipping_profile: inputs.flatMap(({ shippingProfileId }) => shippingProfileId ?? []),
    ...namedByVariants(inputs.flatMap(({ variants = [] }) => variants)),
  }
}

const named = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)

/** What the product module is told of a new product. */
function plainProduct(input: NewProduct) {
  const { tags, categories, salesChannels: _, shippingProfileId: __, variants, ...fields } = input
  return { ...fields, tagIds: named(tags), categoryIds: named(categories), variants: variants.map(plainVariant) }
}

/** What the product module is told of a change. */
function plainChange(input: ChangedProduct) {
  const { tags, categories, salesChannels: _, shippingProfileId: __, optionIds, options, variants, ...fields } = input
  const shared = optionIds?.map((id) => ({ id }))
  return {
    ...fields,
    ...(tags !== undefined && { tagIds: named(tags) }),
    ...(categories !== undefined && { categoryIds: named(categories) }),
    ...((options !== undefined || shared !== undefined) && { options: [...(options ?? []), ...(shared ?? [])] }),
    ...(variants !== undefined && { variants: variants.map(plainVariant) }),
  }
}
