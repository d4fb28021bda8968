import { parse, type Query } from "@marquetry/kernel"
import {
  SetPricePreference,
  UpdatePricePreference,
  type PricePreferenceService,
  type PricePreferenceView,
} from "@marquetry/pricing"
import { assertKnown } from "../references.ts"

/** Price preferences of currencies, and of regions that there are. */
export class PricePreferenceFlow {
  readonly #query: Query
  readonly #preferences: PricePreferenceService

  constructor(query: Query, preferences: PricePreferenceService) {
    this.#query = query
    this.#preferences = preferences
  }

  /** @throws {PricePreferenceTaken} {@link ReferenceUnknown} {@link InvalidInput} */
  async create(input: SetPricePreference): Promise<PricePreferenceView> {
    const preference = parse(SetPricePreference, input)
    await this.#assertRegion(preference)
    return this.#preferences.create(preference)
  }

  /** @throws {NotFound} {@link PricePreferenceTaken} {@link ReferenceUnknown} {@link InvalidInput} */
  async update(id: string, input: UpdatePricePreference): Promise<PricePreferenceView> {
    const preference = parse(UpdatePricePreference, input)
    if (preference.attribute !== undefined || preference.value !== undefined)
      await this.#assertRegion({ ...(await this.#preferences.get(id)), ...preference })
    return this.#preferences.update(id, preference)
  }

  async #assertRegion({ attribute, value }: Pick<PricePreferenceView, "attribute" | "value">): Promise<void> {
    if (attribute === "region_id") await assertKnown(this.#query, { region: [value] })
  }
}
