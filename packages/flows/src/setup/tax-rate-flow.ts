import { parse, type Query } from "@marquetry/kernel"
import type { RuleReference, TaxRateService } from "@marquetry/tax"
import { assertKnown } from "../references.ts"
import { CreateTaxRateInput, TaxRateRuleInput, UpdateTaxRateInput, type NamedThing } from "./setup.schema.ts"

/** Tax rates whose rules name what there is: products, types of products, shipping options. */
export class TaxRateFlow {
  readonly #query: Query
  readonly #rates: TaxRateService

  constructor(query: Query, rates: TaxRateService) {
    this.#query = query
    this.#rates = rates
  }

  /**
   * @param createdBy the id of whoever asks.
   * @returns its id.
   * @throws {NotFound} without the region. {@link DefaultTaxRateTaken} {@link TaxRateRuleTaken} {@link ReferenceUnknown}
   *   {@link InvalidInput}
   */
  async create(input: CreateTaxRateInput, createdBy: string): Promise<{ id: string }> {
    const { rules, ...rate } = parse(CreateTaxRateInput, input)
    await this.#assertKnown(rules)
    return this.#rates.create({ ...rate, createdBy, rules: rules.map((rule) => ({ ...rule, createdBy })) })
  }

  /** `rules` is the whole list. @throws {NotFound} and as {@link create}. */
  async update(id: string, input: UpdateTaxRateInput, createdBy: string): Promise<void> {
    const { rules, ...rate } = parse(UpdateTaxRateInput, input)
    await this.#assertKnown(rules ?? [])
    await this.#rates.update(id, { ...rate, ...(rules && { rules: rules.map((rule) => ({ ...rule, createdBy })) }) })
  }

  /** @throws {NotFound} {@link TaxRateRuleTaken} {@link ReferenceUnknown} {@link InvalidInput} */
  async addRule(id: string, input: TaxRateRuleInput, createdBy: string): Promise<void> {
    const rule = parse(TaxRateRuleInput, input)
    await this.#assertKnown([rule])
    await this.#rates.addRules(id, [{ ...rule, createdBy }])
  }

  async #assertKnown(rules: readonly NamedThing[]): Promise<void> {
    const named: Partial<Record<RuleReference, string[]>> = {}
    for (const { reference, referenceId } of rules) (named[reference] ??= []).push(referenceId)
    await assertKnown(this.#query, named)
  }
}
