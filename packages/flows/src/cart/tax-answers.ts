import { ModuleError } from "@marquetry/kernel"
import type { TaxBasis, TaxCalculator, TaxLine, TaxLines } from "@marquetry/tax"

/**
 * A provider outside has to be asked for the taxes of a cart, and nothing may be held meanwhile: the change is undone and
 * made again once the answer is there. Thrown to callers when others keep changing the cart in between.
 */
export class AskTaxesFirst extends ModuleError {
  readonly code = "cart.changed_meanwhile"
  readonly kind = "conflict"
  readonly basis: TaxBasis
  constructor(basis: TaxBasis) {
    super("The cart was changed while its taxes were asked for: try again")
    this.basis = basis
  }
}

/** How often a change is made anew because the cart was another when the taxes were known. */
const ATTEMPTS = 5

interface Answer {
  readonly items: readonly TaxLine[][]
  readonly shippingMethods: readonly TaxLine[][]
}

/** What providers outside have answered during one call. Ids are made anew with each attempt, so places count instead. */
export class TaxAnswers {
  readonly #answers = new Map<string, Answer>()

  /** The lines of what was asked before, or `undefined`. */
  find(basis: TaxBasis): TaxLines | undefined {
    const answer = this.#answers.get(keyOf(basis))
    if (answer === undefined) return undefined
    const { items, shippingMethods } = basis.sale
    return { items: byId(items, answer.items), shippingMethods: byId(shippingMethods, answer.shippingMethods) }
  }

  keep(basis: TaxBasis, { items, shippingMethods }: TaxLines): void {
    const { sale } = basis
    this.#answers.set(keyOf(basis), {
      items: sale.items.map(({ id }) => items.get(id) ?? []),
      shippingMethods: sale.shippingMethods.map(({ id }) => shippingMethods.get(id) ?? []),
    })
  }
}

/**
 * Does a work that needs taxes; where a provider outside makes them, it is asked between two attempts, with nothing held.
 *
 * @throws {AskTaxesFirst} what `work` throws, and what the provider does: then nothing was changed.
 */
export async function withTaxes<T>(taxes: TaxCalculator, work: (answers: TaxAnswers) => Promise<T>): Promise<T> {
  const answers = new TaxAnswers()
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(answers)
    } catch (error) {
      if (!(error instanceof AskTaxesFirst) || attempt >= ATTEMPTS) throw error
      answers.keep(error.basis, await taxes.lines(error.basis))
    }
  }
}

const byId = (rows: readonly { readonly id: string }[], lines: readonly TaxLine[][]) =>
  new Map(rows.map(({ id }, index) => [id, lines[index] ?? []]))

/** All that the lines are made from, but for ids: a guest who is new has another with each attempt, too. */
function keyOf({ providerId, sale: { items, shippingMethods, customer, ...sale } }: TaxBasis): string {
  const plain = { items: items.map(withoutId), shippingMethods: shippingMethods.map(withoutId) }
  return JSON.stringify([providerId, sale, plain, customer && withoutId(customer)])
}

function withoutId<Row extends { readonly id: string }>(row: Row): Omit<Row, "id"> {
  const { id: _, ...rest } = row
  return rest
}
