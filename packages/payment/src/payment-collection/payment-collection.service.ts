import {
  newId,
  NotFound,
  parse,
  type Database,
  type EntityOf,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { currencyOf, type Amount, type AmountLike } from "@marquetry/money"
import { PaymentCollection } from "../payment/payment.entity.ts"
import { CollectionInUse } from "../payment/payment.errors.ts"
import { paymentCollectionResource } from "../payment/payment.resources.ts"
import { paymentFields, sessionFields } from "../payment/payment.view.ts"
import { dropOpenSessions } from "../payment-session/session-rows.ts"
import type { PaymentProviders } from "../provider/providers.ts"
import { CreatePaymentCollection, CreatePaymentCollections, SetAmount } from "./payment-collection.schema.ts"

const view = { "*": true, paymentSessions: sessionFields, payments: paymentFields } as const

/** A payment collection with its sessions and payments. */
export type PaymentCollectionView = Selected<EntityOf<typeof paymentCollectionResource>, typeof view>

const SET_AMOUNT = `with changed as (
    update "payment"."payment_collection"
    set amount = $2::numeric, currency_code = $3, stage = case stage when 'paying' then stage else 'none' end,
      completed_at = case when stage = 'paying' and captured_amount >= $2::numeric then coalesce(completed_at, now()) end,
      updated_at = now()
    where id = $1 and deleted_at is null and (amount <> $2::numeric or currency_code <> $3)
      and (currency_code = $3 or stage <> 'paying')
    returning id
  )
  select exists (select from changed) as changed, stage = 'paying' and currency_code <> $3 as other_currency
  from "payment"."payment_collection" where id = $1 and deleted_at is null`

/** What is to be paid, for a cart or an order. */
export class PaymentCollectionService {
  readonly #db: Database
  readonly #query: Query
  readonly #providers: PaymentProviders

  constructor(db: Database, query: Query, providers: PaymentProviders) {
    this.#db = db
    this.#query = query
    this.#providers = providers
  }

  /** @throws {InvalidInput} */
  async create(input: CreatePaymentCollection): Promise<PaymentCollectionView> {
    const [id] = await this.createMany([parse(CreatePaymentCollection, input)])
    return this.get(id as string)
  }

  /** Any number in one statement. @returns the ids, in order. @throws {InvalidInput} */
  async createMany(inputs: CreatePaymentCollections): Promise<string[]> {
    const rows = parse(CreatePaymentCollections, inputs).map((collection) => ({
      ...collection,
      id: newId("pay_col"),
      amount: rounded(collection),
    }))
    return this.#db.insertRows(PaymentCollection, rows)
  }

  /**
   * What is to be paid changed, because the cart did. The open session, which was for another amount, is dropped; where
   * amount and currency are what they were, it stays. One statement, or two; nothing is asked of a provider now (see
   * `recoverPending`).
   *
   * @returns whether anything changed.
   * @throws {NotFound} {@link AuthorizationUnderWay} {@link InvalidInput}
   * @throws {CollectionInUse} when payments were made in another currency.
   */
  async setAmount(id: string, amount: AmountLike, currencyCode: string): Promise<boolean> {
    const input = parse(SetAmount, { id, amount, currencyCode })
    return this.#db.transaction(async () => {
      const [row] = await this.#db.sql<{ changed: boolean; other_currency: boolean }>(SET_AMOUNT, [
        id,
        rounded(input),
        input.currencyCode,
      ])
      if (row === undefined) throw new NotFound("Payment collection", id)
      if (row.changed) await dropOpenSessions(this.#db, id, this.#providers.localIds)
      else if (row.other_currency) throw new CollectionInUse(id)
      return row.changed
    })
  }

  /**
   * Deletes a collection that nothing was paid for; its open session is dropped.
   *
   * @throws {NotFound} {@link CollectionInUse} {@link AuthorizationUnderWay}
   */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const [row] = await this.#db.sql(
        `select id from "payment"."payment_collection" where id = $1 and deleted_at is null for update`,
        [id],
      )
      if (row === undefined) throw new NotFound("Payment collection", id)
      const deleted = await this.#db.run(
        `update "payment"."payment_collection" set deleted_at = now(), updated_at = now()
         where id = $1 and not exists (select from "payment"."payment" where payment_collection_id = $1)`,
        [id],
      )
      if (deleted === 0) throw new CollectionInUse(id)
      await dropOpenSessions(this.#db, id, this.#providers.localIds)
    })
  }

  /** One statement. @throws {NotFound} */
  async get(id: string): Promise<PaymentCollectionView> {
    return this.#query.get(paymentCollectionResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<PaymentCollection> } = {}): Promise<Page<PaymentCollectionView>> {
    return this.#query.list(paymentCollectionResource, { ...options, fields: view })
  }
}

const rounded = ({ amount, currencyCode }: { amount: Amount; currencyCode: string }): string =>
  amount.roundTo(currencyOf(currencyCode)).toString()
