import {
  newId,
  parse,
  type Database,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { NotOffered } from "../provider/provider.errors.ts"
import type { AccountHolderProvider } from "../provider/payment-provider.ts"
import type { PaymentProviders } from "../provider/providers.ts"
import type { AccountHolder } from "./account-holder.entity.ts"
import { accountHolderResource } from "./account-holder.resources.ts"
import { CreateAccountHolder, UpdateAccountHolder } from "./account-holder.schema.ts"

const view = { "*": true } as const

export type AccountHolderView = Selected<AccountHolder, typeof view>

/** Customers as payment providers know them. Which customer it is, is kept by whoever links them. */
export class AccountHolderService {
  readonly #db: Database
  readonly #query: Query
  readonly #providers: PaymentProviders

  constructor(db: Database, query: Query, providers: PaymentProviders) {
    this.#db = db
    this.#query = query
    this.#providers = providers
  }

  /**
   * Makes an account at the provider. To ask again under the same key, or at once, is to get the same one.
   *
   * @throws {UnknownProvider} {@link NotOffered} {@link PaymentDeclined} {@link ProviderUnavailable} {@link InvalidInput}
   */
  async create(input: CreateAccountHolder): Promise<AccountHolderView> {
    const { providerId, metadata, idempotencyKey = newId("acchld"), ...holder } = parse(CreateAccountHolder, input)
    const { externalId, data } = await this.#call(providerId, (accounts, signal) =>
      accounts.create({ ...holder, idempotencyKey, signal }),
    )
    // Writes nothing new where there is one, but answers it, so that callers at once get the same.
    const [row] = await this.#db.sql<{ id: string }>(
      `insert into "payment"."account_holder" (id, provider_id, external_id, email, data, metadata, created_at, updated_at)
       values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, now(), now())
       on conflict (provider_id, external_id) where deleted_at is null do update set updated_at = "account_holder".updated_at
       returning id`,
      [
        newId("acchld"),
        providerId,
        externalId,
        holder.email,
        JSON.stringify(data),
        metadata === null ? null : JSON.stringify(metadata),
      ],
    )
    return this.get((row as { id: string }).id)
  }

  /** Changes the account at the provider. @throws {NotFound} {@link PaymentDeclined} {@link ProviderUnavailable} {@link InvalidInput} */
  async update(id: string, input: UpdateAccountHolder): Promise<AccountHolderView> {
    const { metadata, ...changes } = parse(UpdateAccountHolder, input)
    const { providerId, externalId, email, data } = await this.get(id)
    const next = { email, name: null, customerId: null, data, ...changes }
    const updated = await this.#call(providerId, (accounts, signal) =>
      accounts.update({ ...next, externalId, idempotencyKey: newId(`${id}_update`), signal }),
    )
    await this.#db.run(
      `update "payment"."account_holder" set email = $2, data = $3::jsonb, updated_at = now(),
         metadata = case when $4::boolean then $5::jsonb else metadata end where id = $1 and deleted_at is null`,
      [
        id,
        next.email,
        JSON.stringify(updated.data),
        metadata !== undefined,
        metadata == null ? null : JSON.stringify(metadata),
      ],
    )
    return this.get(id)
  }

  /** Deletes the account at the provider, and here. @throws {NotFound} {@link PaymentDeclined} {@link ProviderUnavailable} */
  async delete(id: string): Promise<void> {
    const { providerId, externalId, data } = await this.get(id)
    await this.#call(providerId, (accounts, signal) =>
      accounts.delete({ externalId, data, idempotencyKey: `${id}_delete`, signal }),
    )
    await this.#db.run(
      `update "payment"."account_holder" set deleted_at = now(), updated_at = now() where id = $1 and deleted_at is null`,
      [id],
    )
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<AccountHolderView> {
    return this.#query.get(accountHolderResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<AccountHolder> } = {}): Promise<Page<AccountHolderView>> {
    return this.#query.list(accountHolderResource, { ...options, fields: view })
  }

  #call<T>(providerId: string, work: (accounts: AccountHolderProvider, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#providers.call(this.#db, providerId, async (provider, signal) => {
      if (provider.accountHolders === undefined) throw new NotOffered(providerId, "account holders")
      return work(provider.accountHolders, signal)
    })
  }
}
