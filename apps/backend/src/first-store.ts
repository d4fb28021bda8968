import type { Composition } from "@marquetry/kernel"
import { StoreService } from "@marquetry/store"

/**
 * Makes a store where there is none: the Admin API changes stores, and makes none.
 *
 * @param currency its first one.
 */
export async function ensureStore({ container }: Composition, currency = "eur"): Promise<void> {
  const supportedCurrencies = [{ currencyCode: currency, isDefault: true }]
  await container.resolve(StoreService).ensure({ name: "Marquetry", supportedCurrencies })
}
