import type { Database } from "@marquetry/kernel"
import {
  Product,
  ProductImage,
  ProductOption,
  ProductOptionUse,
  ProductOptionValue,
  ProductToCategory,
  ProductToTag,
  ProductVariant,
  VariantToValue,
} from "./product.entity.ts"

export type Row = Record<string, unknown>
export type Patch = Row & { readonly id: string }

/** New rows, changed rows by id, and ids of rows to delete softly, of one table. */
export class TableChanges {
  readonly inserted: Row[] = []
  readonly patched: Patch[] = []
  readonly deleted: string[] = []
}

/** Rows between two others: whose rows go first, and which come then. */
export class PivotChanges<Pair> {
  readonly cleared: string[] = []
  readonly inserted: Pair[] = []
}

export interface OptionUse {
  readonly product: string
  readonly option: string
  readonly title: string
  readonly exclusive: boolean
  readonly valueIds: readonly string[] | null
}

/** Everything that is to be written about any number of products: decided first, then written table by table. */
export class Changes {
  readonly products = new TableChanges()
  readonly options = new TableChanges()
  readonly values = new TableChanges()
  readonly variants = new TableChanges()
  readonly images = new TableChanges()
  /** Cleared by product. */
  readonly uses = new PivotChanges<OptionUse>()
  readonly tags = new PivotChanges<{ product: string; tag: string }>()
  readonly categories = new PivotChanges<{ product: string; category: string }>()
  /** Cleared by variant. */
  readonly choices = new PivotChanges<{ variant: string; value: string }>()
  /** Product of each variant that is touched, for its events. */
  readonly productOf = new Map<string, string>()

  /** Writes it all, at most one statement per table and kind of change, none where nothing changes. */
  async apply(db: Database): Promise<void> {
    const now = new Date()
    await this.#clear(db)
    const deletable = [
      [ProductVariant, this.variants],
      [ProductImage, this.images],
      [ProductOptionValue, this.values],
      [ProductOption, this.options],
    ] as const
    for (const [entity, { deleted }] of deletable) {
      await db.updateRows(
        entity,
        deleted.map((id) => ({ id, deletedAt: now })),
      )
    }
    await this.#write(db, ProductOption, this.options)
    await this.#write(db, ProductOptionValue, this.values)
    await this.#write(db, Product, this.products)
    await this.#vacate(db)
    await this.#write(db, ProductVariant, this.variants)
    await this.#write(db, ProductImage, this.images)
    await this.#link(db)
  }

  async #write(db: Database, entity: Parameters<Database["updateRows"]>[0], changes: TableChanges): Promise<void> {
    await db.updateRows(entity, changes.patched)
    // In one order everywhere, so that two callers who want the same handles or SKUs wait for each other and not crosswise.
    const key = (row: Row) => String(row["sku"] ?? row["handle"] ?? "")
    const isOrdered = entity === ProductVariant || entity === Product
    await db.insertRows(entity, isOrdered ? inOrderOf(changes.inserted, key) : changes.inserted)
  }

  /** Lets variants exchange what is unique among them: Postgres checks row by row, not at the end of a statement. */
  async #vacate(db: Database): Promise<void> {
    const unique = ["sku", "ean", "upc", "barcode", "optionKey"]
    const moving = this.variants.patched.filter((row) => unique.some((name) => name in row))
    if (moving.length < 2) return
    const empty = moving.map((row) => ({
      id: row.id,
      ...Object.fromEntries(unique.filter((name) => name in row).map((name) => [name, null])),
      ...("optionKey" in row && { optionKey: row.id }),
    }))
    await db.updateRows(ProductVariant, empty)
  }

  async #clear(db: Database): Promise<void> {
    const lists = [this.uses.cleared, this.tags.cleared, this.categories.cleared, this.choices.cleared]
    if (lists.every(({ length }) => length === 0)) return
    await db.run(
      `with uses as (delete from "product"."product_option_use" where product_id = any($1::text[])),
         tags as (delete from "product"."product_to_tag" where product_id = any($2::text[])),
         categories as (delete from "product"."product_to_category" where product_id = any($3::text[]))
       delete from "product"."variant_to_value" where variant_id = any($4::text[])`,
      lists,
    )
  }

  /** Tables between two others are small beside what they join: one statement writes all that have rows. */
  async #link(db: Database): Promise<void> {
    const pivots = [
      [ProductOptionUse, this.uses.inserted],
      [ProductToTag, this.tags.inserted],
      [ProductToCategory, this.categories.inserted],
      [VariantToValue, this.choices.inserted],
    ] as const
    const present = pivots.filter(([, { length }]) => length > 0)
    const [single] = present
    if (single === undefined) return
    if (present.length === 1) {
      await db.insertRows(single[0], single[1] as readonly object[] as readonly Row[])
      return
    }
    await db.run(
      `with uses as (
         insert into "product"."product_option_use" (product_id, option_id, title, exclusive, value_ids)
         select product, option, title, exclusive, "valueIds" from json_to_recordset($1::json)
           as row (product text, option text, title text, exclusive boolean, "valueIds" text[])
       ), tags as (
         insert into "product"."product_to_tag" (product_id, tag_id)
         select product, tag from json_to_recordset($2::json) as row (product text, tag text)
       ), categories as (
         insert into "product"."product_to_category" (product_id, category_id)
         select product, category from json_to_recordset($3::json) as row (product text, category text)
       )
       insert into "product"."variant_to_value" (variant_id, value_id)
       select variant, value from json_to_recordset($4::json) as row (variant text, value text)`,
      pivots.map(([, rows]) => JSON.stringify(rows)),
    )
  }
}

const inOrderOf = (rows: readonly Row[], key: (row: Row) => string) =>
  rows.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
