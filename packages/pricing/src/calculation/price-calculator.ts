import { NotFound, parse, type Database } from "@marquetry/kernel"
import {
  presentForWire,
  presentPrice,
  type CalculatedPrice,
  type Present,
  type WireCalculatedPrice,
} from "./calculated-price.ts"
import { choosePrice } from "./choose-price.ts"
import { explainPrices, type ExplainedPrice } from "./explain-price.ts"
import { AskedPrices, PriceContext, situationOf, type AskedPrice } from "./price-context.ts"
import { readAll, readApplicable } from "./read-candidates.ts"

/** Says what things cost to somebody. Any number of price sets take one statement. */
export class PriceCalculator {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * What each price set costs in this context, in the order asked; `null` where no price applies or there is no such set.
   *
   * @param asked ids of price sets, or each with its own quantity; at most 10,000. One may be asked for repeatedly.
   * @throws {InvalidInput}
   */
  async calculate(asked: readonly AskedPrice[], context: PriceContext): Promise<(CalculatedPrice | null)[]> {
    return this.#calculate(parse(AskedPrices, asked), parse(PriceContext, context), presentPrice)
  }

  /**
   * The same in the shape and the names of the wire, amounts as JSON numbers. For lists of products, on the way to whose
   * answers nothing else should be made or checked: asked and context come from the caller's own code.
   */
  async calculateForWire(asked: readonly AskedPrice[], context: PriceContext): Promise<(WireCalculatedPrice | null)[]> {
    return this.#calculate(asked, context, presentForWire)
  }

  /**
   * What became of every price of a set in this context, and why. For people who wonder about a price.
   *
   * @throws {NotFound} {@link InvalidInput}
   */
  async explain(asked: AskedPrice, context: PriceContext): Promise<ExplainedPrice[]> {
    const [{ priceSetId, quantity }] = parse(AskedPrices, [asked]).map(withQuantity) as [
      ReturnType<typeof withQuantity>,
    ]
    const situation = situationOf(parse(PriceContext, context))
    const candidates = await readAll(this.#db, priceSetId, situation)
    if (candidates.length === 0) await this.#assertExists(priceSetId)
    return explainPrices(candidates, quantity === undefined ? situation : { ...situation, quantity })
  }

  async #calculate<Shape>(
    asked: readonly AskedPrice[],
    context: PriceContext,
    present: Present<Shape>,
  ): Promise<(Shape | null)[]> {
    if (asked.length === 0) return []
    const situation = situationOf(context)
    const ids = asked.map((item) => (typeof item === "string" ? item : item.priceSetId))
    const quantities = asked.map((item) => (typeof item === "string" ? situation.quantity : String(item.quantity)))
    const { byPosition, preferences } = await readApplicable(this.#db, ids, quantities, situation)
    return ids.map((id, index) => {
      const candidates = byPosition[index]
      if (candidates === undefined) return null
      const quantity = quantities[index] as string
      const choice = choosePrice(candidates, quantity === situation.quantity ? situation : { ...situation, quantity })
      return choice === null ? null : present(id, choice, preferences)
    })
  }

  async #assertExists(priceSetId: string): Promise<void> {
    const found = await this.#db.sql(`select 1 from "pricing"."price_set" where id = $1 and deleted_at is null`, [
      priceSetId,
    ])
    if (found.length === 0) throw new NotFound("Price set", priceSetId)
  }
}

const withQuantity = (item: AskedPrice): { priceSetId: string; quantity: string | undefined } =>
  typeof item === "string"
    ? { priceSetId: item, quantity: undefined }
    : { priceSetId: item.priceSetId, quantity: String(item.quantity) }
