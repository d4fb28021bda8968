import type { Database } from "@marquetry/kernel"
import { TaxProviderMissing } from "../tax/tax.errors.ts"
import { systemTaxProvider } from "./system-provider.ts"
import type { TaxProvider } from "./tax-provider.ts"

const ID = /^tp_[a-z0-9]+([_-][a-z0-9]+)*$/

/** The providers that a process was configured with, by id; `tp_system` is always among them. */
export class TaxProviders {
  readonly #byId = new Map<string, TaxProvider>()

  /** @throws {TypeError} when an id is not of the form `tp_name`, or two are the same. */
  constructor(providers: readonly TaxProvider[] = []) {
    for (const provider of [systemTaxProvider, ...providers]) {
      if (!ID.test(provider.id))
        throw new TypeError(`The id of a tax provider is of the form "tp_name": "${provider.id}"`)
      if (this.#byId.has(provider.id)) throw new TypeError(`Two tax providers have the id "${provider.id}"`)
      this.#byId.set(provider.id, provider)
    }
  }

  get ids(): string[] {
    return [...this.#byId.keys()]
  }

  /** @throws {TaxProviderMissing} */
  get(id: string): TaxProvider {
    const provider = this.#byId.get(id)
    if (provider === undefined) throw new TaxProviderMissing(id)
    return provider
  }

  /** The provider of regions that name none. */
  get system(): TaxProvider {
    return this.get(systemTaxProvider.id)
  }
}

/** Makes the rows say which providers there are. One that is gone stays, not enabled: regions may name it. */
export async function syncProviders(db: Database, ids: readonly string[]): Promise<void> {
  await db.run(
    `insert into "tax"."tax_provider" as provider (id, is_enabled, created_at, updated_at)
     select id, true, now(), now() from unnest($1::text[]) as id order by id
     on conflict (id) do update set is_enabled = true, updated_at = now() where not provider.is_enabled`,
    [ids],
  )
  await db.run(
    `update "tax"."tax_provider" set is_enabled = false, updated_at = now() where is_enabled and id <> all($1::text[])`,
    [ids],
  )
}
