import {
  newId,
  NotFound,
  parse,
  Records,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { z } from "zod"
import { changeList, replaceList, type ListChanges } from "../owned-rows.ts"
import type { FulfillmentProviders } from "../provider/fulfillment-providers.ts"
import { OptionDataRefused, PriceNotCalculable, UnknownFulfillmentProvider } from "../provider/provider.errors.ts"
import { ShippingOptionType } from "../shipping-option-type/shipping-option-type.entity.ts"
import { readEligible, type EligibleOption, type EligibleRequest } from "./eligible-options.ts"
import { holdReferences } from "./hold-references.ts"
import { ShippingOption, ShippingOptionRule } from "./shipping-option.entity.ts"
import { ShippingOptionCreated, ShippingOptionDeleted, ShippingOptionUpdated } from "./shipping-option.events.ts"
import { shippingOptionResource } from "./shipping-option.resources.ts"
import {
  CreateShippingOption,
  CreateShippingOptions,
  ShippingOptionRuleChanges,
  UpdateShippingOption,
} from "./shipping-option.schema.ts"

const view = {
  "*": true,
  rules: { id: true, attribute: true, operator: true, value: true },
  type: { id: true, label: true, description: true, code: true },
} as const

/** A shipping option with its rules and its type. */
export type ShippingOptionView = Selected<ShippingOption, typeof view>

/** What a provider is asked about. */
export type CheckedOption = Pick<ShippingOptionView, "providerId" | "data" | "priceType">

type NewOption = z.output<typeof CreateShippingOption>

const kind = {
  entity: ShippingOption,
  resource: shippingOptionResource,
  fields: view,
  created: ShippingOptionCreated,
  updated: ShippingOptionUpdated,
  deleted: ShippingOptionDeleted,
}

/** The ways to have goods sent that buyers choose from. What they cost, another module keeps. */
export class ShippingOptionService {
  readonly #db: Database
  readonly #events: Events
  readonly #options
  readonly #providers: FulfillmentProviders

  constructor(db: Database, events: Events, query: Query, providers: FulfillmentProviders) {
    this.#db = db
    this.#events = events
    this.#options = new Records(db, events, query, kind)
    this.#providers = providers
  }

  /**
   * Asks the providers whether they take options like these. {@link create} and {@link update} do so by themselves, but not
   * where a transaction is under way and the provider asks outside: then call it before you begin.
   *
   * @throws {UnknownFulfillmentProvider} {@link OptionDataRefused} {@link PriceNotCalculable} and what providers throw.
   */
  async check(options: readonly CheckedOption[]): Promise<void> {
    for (const { providerId, data, priceType } of options) {
      const provider = this.#providers.find(providerId)
      if (provider === undefined) throw new UnknownFulfillmentProvider([providerId])
      if (!(await provider.validateOption(data))) throw new OptionDataRefused(providerId)
      if (priceType === "calculated" && !(await provider.canCalculate(data))) throw new PriceNotCalculable(providerId)
    }
  }

  /** Like {@link check}, of an option as an update would have it. @throws {NotFound} */
  async checkUpdate(id: string, input: UpdateShippingOption): Promise<void> {
    const changed = await this.#changed(id, parse(UpdateShippingOption, input))
    await this.check(changed)
  }

  /** @throws {NotFound} without the zone, profile or type. What {@link check} throws. {@link InvalidInput} */
  async create(input: CreateShippingOption): Promise<ShippingOptionView> {
    const [made] = await this.#insert([parse(CreateShippingOption, input)])
    return made as ShippingOptionView
  }

  /**
   * All of them or none, in six statements at most whatever their number; answered in order.
   *
   * @throws {NotFound} without a zone, profile or type. What {@link check} throws. {@link InvalidInput}
   */
  async createMany(inputs: CreateShippingOptions): Promise<ShippingOptionView[]> {
    return this.#insert(parse(CreateShippingOptions, inputs))
  }

  /**
   * Of `rules` those with an id are kept and changed, the others are new. A `type` is made and taken; the one before stays
   * for others.
   *
   * @throws {NotFound} What {@link check} throws. {@link InvalidInput}
   */
  async update(id: string, input: UpdateShippingOption): Promise<ShippingOptionView> {
    const update = parse(UpdateShippingOption, input)
    const { rules, shippingProfileId, providerId, typeId, type, ...data } = update
    await this.#checkHere(await this.#changed(id, update))
    return this.#db.transaction(async () => {
      const named = { zone: [], profile: listOf(shippingProfileId), type: listOf(typeId) }
      if (named.profile.length + named.type.length > 0) await holdReferences(this.#db, named)
      const made = type === undefined ? undefined : (await this.#db.insertRows(ShippingOptionType, [type]))[0]
      const references = given({ shippingProfile: shippingProfileId, provider: providerId, type: made ?? typeId })
      return this.#options
        .update(id, { ...data, ...references }, async () => {
          if (rules !== undefined) await replaceList(this.#db, "rules", id, rules)
        })
        .catch(refusals(listOf(providerId)))
    })
  }

  /** Adds, overwrites and deletes rules, and leaves the others. @returns their ids. @throws {NotFound} {@link InvalidInput} */
  async changeRules(id: string, input: ShippingOptionRuleChanges): Promise<ListChanges> {
    const changes = parse(ShippingOptionRuleChanges, input)
    return this.#db.transaction(async (em) => {
      const held = await em.nativeUpdate(ShippingOption, { id, deletedAt: null }, { updatedAt: new Date() })
      if (held === 0) throw new NotFound("Shipping option", id)
      const changed = await changeList(this.#db, "rules", id, changes)
      await this.#events.emit(ShippingOptionUpdated, { id })
      return changed
    })
  }

  /** Deletes an option with its rules. Carts and orders that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /** @throws {NotFound} when one of them does not exist: none is deleted. */
  async deleteMany(ids: readonly string[]): Promise<void> {
    await this.#options.deleteMany(ids, (gone) => this.#db.softDeleteRows(ShippingOptionRule, "shippingOption", gone))
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ShippingOptionView> {
    return this.#options.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<ShippingOption> } = {}): Promise<Page<ShippingOptionView>> {
    return this.#options.list(options)
  }

  /**
   * The options that can be used: whose zone reaches the address, by any of its geo zones, whose provider is enabled, and
   * whose rules are all met. One statement, in the transaction under way if there is one. In order of id.
   *
   * @throws {InvalidInput}
   */
  async eligible(request: EligibleRequest): Promise<EligibleOption[]> {
    return readEligible(this.#db, request)
  }

  async #insert(data: readonly NewOption[]): Promise<ShippingOptionView[]> {
    if (data.length === 0) return []
    await this.#checkHere(data)
    const { types, options, rules } = rowsOf(data)
    return this.#db.transaction(async () => {
      await holdReferences(this.#db, {
        zone: [...new Set(data.map(({ serviceZoneId }) => serviceZoneId))],
        profile: [...new Set(data.map(({ shippingProfileId }) => shippingProfileId))],
        type: [...new Set(data.flatMap(({ typeId }) => listOf(typeId)))],
      })
      await this.#db.insertRows(ShippingOptionType, types)
      return this.#options
        .insertMany(options, () => this.#db.insertRows(ShippingOptionRule, rules))
        .catch(refusals([...new Set(data.map(({ providerId }) => providerId))]))
    })
  }

  /** The option as its provider will know it; none where the provider would see no difference. */
  async #changed(id: string, update: z.output<typeof UpdateShippingOption>): Promise<CheckedOption[]> {
    const named = given({ providerId: update.providerId, data: update.data, priceType: update.priceType })
    if (Object.keys(named).length === 0) return []
    const { providerId, data, priceType } = await this.get(id)
    return [{ providerId, data, priceType, ...named }]
  }

  /** Nothing outside is asked while a transaction is held. */
  async #checkHere(options: readonly CheckedOption[]): Promise<void> {
    const free = !this.#db.inTransaction
    await this.check(options.filter(({ providerId }) => free || this.#providers.find(providerId)?.asksOutside !== true))
  }
}

/** Options as rows to insert, with the types that are made for them and their rules. */
function rowsOf(data: readonly NewOption[]) {
  const made = data.map(({ serviceZoneId, shippingProfileId, providerId, typeId, type, rules, ...plain }) => {
    const references = { serviceZone: serviceZoneId, shippingProfile: shippingProfileId, provider: providerId }
    const own = type && { ...type, id: newId("sotype") }
    return { option: { ...plain, ...references, id: newId("so"), type: own?.id ?? typeId }, own, rules }
  })
  return {
    types: made.flatMap(({ own }) => own ?? []),
    options: made.map(({ option }) => option),
    rules: made.flatMap(({ option, rules }) => rules.map((rule) => ({ ...rule, shippingOption: option.id }))),
  }
}

const listOf = (id: string | null | undefined): string[] => (id == null ? [] : [id])

/** What was named, without what was left out. */
function given<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const named = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(named) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> }
}

const refusals = (providerIds: string[]) =>
  rethrowConstraint({ shipping_option_provider_id_foreign: () => new UnknownFulfillmentProvider(providerIds) })
