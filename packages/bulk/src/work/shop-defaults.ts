import { QueryInvalid, type Query } from "@marquetry/kernel"

/** What a shop takes where nothing says otherwise. */
export interface ShopDefaults {
  readonly currencyCode?: string
  readonly salesChannelId?: string
}

const fields = { defaultSalesChannelId: true, supportedCurrencies: { currencyCode: true, isDefault: true } } as const

interface Store {
  readonly defaultSalesChannelId: string | null
  readonly supportedCurrencies: readonly { readonly currencyCode: string; readonly isDefault: boolean }[]
}

/** Those of the oldest store; none in a composition without stores. */
export async function defaultsOf(query: Query): Promise<ShopDefaults> {
  const { rows } = await query
    .listAny("store", { fields, order: { createdAt: "asc" }, limit: 1, count: false })
    .catch((error: unknown) => {
      if (error instanceof QueryInvalid) return { rows: [] }
      throw error
    })
  const [store] = rows as unknown as Store[]
  const currency = store?.supportedCurrencies.find(({ isDefault }) => isDefault)
  return {
    ...(currency !== undefined && { currencyCode: currency.currencyCode }),
    ...(store?.defaultSalesChannelId && { salesChannelId: store.defaultSalesChannelId }),
  }
}
