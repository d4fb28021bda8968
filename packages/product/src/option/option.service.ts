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
import { inOrder } from "../in-order.ts"
import { Changes } from "../product/changes.ts"
import type { ProductOption } from "../product/product.entity.ts"
import { optionResource } from "../product/product.resources.ts"
import { refuse } from "../product/refusals.ts"
import type { OptionState } from "../product/state.ts"
import { OptionInUse } from "./option.errors.ts"
import { OptionCreated, OptionDeleted, OptionUpdated } from "./option.events.ts"
import { CreateOption, UpdateOption, UpdateOptionValue } from "./option.schema.ts"
import { planNewOption, planValues } from "./plan-options.ts"

const view = { "*": true, values: true } as const

/** An option with its values. */
export type OptionView = Selected<ProductOption, typeof view>

/** Options, those of one product and those that products share. A product's own come and go with it. */
export class OptionService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** Makes an option that any number of products may use, unless it is said to be exclusive. @throws {InvalidInput} */
  async create(input: CreateOption): Promise<OptionView> {
    const [option] = await this.createMany([input])
    return option as OptionView
  }

  /** Makes any number of options in a constant number of statements. */
  async createMany(inputs: readonly CreateOption[]): Promise<OptionView[]> {
    const options = parse(z.array(CreateOption).max(10_000), inputs)
    if (options.length === 0) return []
    return this.#db.transaction(async () => {
      const changes = new Changes()
      const ids = options.map((option) => planNewOption(changes, option).id)
      await changes.apply(this.#db)
      await this.#events.emitMany(
        OptionCreated,
        ids.map((id) => ({ id })),
      )
      const { rows } = await this.#query.list(optionResource, {
        fields: view,
        filter: { id: ids },
        limit: MAX_LIMIT,
        count: false,
      })
      return inOrder(rows, ids, ({ id }) => id)
    })
  }

  /**
   * Changes an option for all products that use it. `values` is the whole list: those it does not name are deleted.
   *
   * @throws {NotFound} {@link OptionInUse} when variants are a choice of a value that goes.
   * @throws {OptionTitleTaken} when a product that uses it has another of that title.
   * @throws {OptionExclusive} when it is to become exclusive and several products use it.
   */
  async update(id: string, input: UpdateOption): Promise<OptionView> {
    const { values, ranks = {}, ...fields } = parse(UpdateOption, input)
    return this.#db.transaction(async () => {
      const option = await this.#lock(id)
      const changes = new Changes()
      if (values !== undefined) {
        planValues(changes, option, values, ranks)
        await this.#assertUnused(changes.values.deleted)
      } else planRanks(changes, option, ranks)
      changes.options.patched.push({ ...fields, id })
      await changes.apply(this.#db).catch(refuse)
      await this.#tellUses(id, changes.values.deleted)
      await this.#events.emit(OptionUpdated, { id })
      return this.get(id)
    })
  }

  /** @throws {NotFound} {@link OptionValueTaken} */
  async updateValue(id: string, valueId: string, input: UpdateOptionValue): Promise<OptionView> {
    const fields = parse(UpdateOptionValue, input)
    return this.#db.transaction(async () => {
      assertValue(await this.#lock(id), valueId)
      const changes = new Changes()
      changes.values.patched.push({ ...fields, id: valueId })
      await changes.apply(this.#db).catch(refuse)
      await this.#events.emit(OptionUpdated, { id })
      return this.get(id)
    })
  }

  /** @throws {NotFound} {@link OptionInUse} */
  async deleteValue(id: string, valueId: string): Promise<void> {
    await this.#db.transaction(async () => {
      assertValue(await this.#lock(id), valueId)
      await this.#assertUnused([valueId])
      const changes = new Changes()
      changes.values.deleted.push(valueId)
      await changes.apply(this.#db)
      await this.#tellUses(id, [valueId])
      await this.#events.emit(OptionUpdated, { id })
    })
  }

  /** Deletes an option that no variant is a choice of; products are without it. @throws {NotFound} {@link OptionInUse} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const { values } = await this.#lock(id)
      const valueIds = values.map((value) => value.id)
      await this.#assertUnused(valueIds)
      const changes = new Changes()
      changes.options.deleted.push(id)
      changes.values.deleted.push(...valueIds)
      await changes.apply(this.#db)
      await this.#db.run(`delete from "product"."product_option_use" where option_id = $1`, [id])
      await this.#events.emit(OptionDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<OptionView> {
    return this.#query.get(optionResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<ProductOption> } = {}): Promise<Page<OptionView>> {
    return this.#query.list(optionResource, { ...options, fields: view })
  }

  /** Lets nobody else change the option, or make variants of it, until the transaction ends. @throws {NotFound} */
  async #lock(id: string): Promise<OptionState> {
    const [option] = await this.#db.sql<Omit<OptionState, "values" | "offered">>(
      `select id, title, is_exclusive as exclusive from "product"."product_option"
       where id = $1 and deleted_at is null for update`,
      [id],
    )
    if (option === undefined) throw new NotFound("Product option", id)
    const values = await this.#db.sql<OptionState["values"][number]>(
      `select id, value, rank from "product"."product_option_value" where option_id = $1 and deleted_at is null
       order by rank, id`,
      [id],
    )
    return { ...option, offered: null, values }
  }

  async #assertUnused(valueIds: readonly string[]): Promise<void> {
    if (valueIds.length === 0) return
    const used = await this.#db.sql<{ value_id: string }>(
      `select distinct c.value_id from "product"."variant_to_value" c
       join "product"."product_variant" v on v.id = c.variant_id and v.deleted_at is null
       where c.value_id = any($1::text[]) order by 1`,
      [valueIds],
    )
    if (used.length > 0) throw new OptionInUse(used.map(({ value_id }) => value_id))
  }

  /** Repeats beside each product what its rules look at: the title, whether it is exclusive, and which values are left. */
  async #tellUses(id: string, gone: readonly string[]): Promise<void> {
    await this.#db
      .run(
        `update "product"."product_option_use" u set title = o.title, exclusive = o.is_exclusive,
           value_ids = case when u.value_ids is null then null else
             array(select value from unnest(u.value_ids) with ordinality as kept (value, place)
               where value <> all($2::text[]) order by place) end
         from "product"."product_option" o where o.id = $1 and u.option_id = o.id`,
        [id, gone],
      )
      .catch(refuse)
  }
}

function planRanks(changes: Changes, { values }: OptionState, ranks: Readonly<Record<string, number>>): void {
  for (const { id, value } of values) {
    const rank = ranks[value]
    if (rank !== undefined) changes.values.patched.push({ id, rank })
  }
}

function assertValue({ values }: OptionState, valueId: string): void {
  if (!values.some(({ id }) => id === valueId)) throw new NotFound("Product option value", valueId)
}
