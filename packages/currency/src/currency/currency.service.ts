import type { Filter, ListOptions, Page, Query, Selected } from "@marquetry/kernel"
import type { Currency } from "./currency.entity.ts"
import { currencyResource } from "./currency.resources.ts"

const view = { "*": true } as const

/** A currency, with `rounding` as a text, as all decimals are. */
export type CurrencyView = Selected<Currency, typeof view>

/** The currencies of ISO 4217, to be read. To compute with one, take `currencyOf` of `@marquetry/money`. */
export class CurrencyService {
  readonly #query: Query

  constructor(query: Query) {
    this.#query = query
  }

  /** @param code in any case. @throws {NotFound} */
  async get(code: string): Promise<CurrencyView> {
    return this.#query.get(currencyResource, code.toLowerCase(), { fields: view })
  }

  /** Ordered by code unless said. */
  async list(options: ListOptions & { filter?: Filter<Currency> } = {}): Promise<Page<CurrencyView>> {
    return this.#query.list(currencyResource, { ...options, fields: view })
  }
}
