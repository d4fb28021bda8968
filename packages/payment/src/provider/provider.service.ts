import type { Database, Filter, ListOptions, Page, Query, Selected } from "@marquetry/kernel"
import type { PaymentProviderRow } from "./provider.entity.ts"
import { paymentProviderResource } from "./provider.resources.ts"
import type { PaymentProviders } from "./providers.ts"

const view = { id: true, isEnabled: true } as const

export type PaymentProviderView = Selected<PaymentProviderRow, typeof view>

/** Which ways to pay the shop has. They come from its configuration, with `migrate()`. */
export class PaymentProviderService {
  readonly #query: Query
  readonly #providers: PaymentProviders

  constructor(query: Query, providers: PaymentProviders) {
    this.#query = query
    this.#providers = providers
  }

  async list(options: ListOptions & { filter?: Filter<PaymentProviderRow> } = {}): Promise<Page<PaymentProviderView>> {
    return this.#query.list(paymentProviderResource, { ...options, fields: view })
  }

  /**
   * Whether nothing of the provider is outside of the database, so that sessions can be authorised inside a transaction.
   * Asks no database.
   *
   * @throws {UnknownProvider}
   */
  isLocal(id: string): boolean {
    return this.#providers.isLocal(id)
  }
}

/** Writes a row for each provider that is configured, and disables those that are not any more. */
export async function seedProviders(db: Database, ids: readonly string[]): Promise<void> {
  await db.run(
    `with gone as (
       update "payment"."payment_provider" set is_enabled = false, updated_at = now() where is_enabled and id <> all($1::text[])
     )
     insert into "payment"."payment_provider" (id, is_enabled, created_at, updated_at)
     select given.id, true, now(), now() from unnest($1::text[]) as given (id)
     where not exists (select from "payment"."payment_provider" p where p.id = given.id and p.is_enabled)
     on conflict (id) do update set is_enabled = true, updated_at = now() where not "payment_provider".is_enabled`,
    [ids],
  )
}
