import {
  NotFound,
  parse,
  rethrowConstraint,
  type Database,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { RefundReason } from "../payment/payment.entity.ts"
import { refundReasonResource } from "../payment/payment.resources.ts"
import { RefundReasonCodeTaken } from "./refund-reason.errors.ts"
import { CreateRefundReason, CreateRefundReasons, UpdateRefundReason } from "./refund-reason.schema.ts"

const view = { "*": true } as const

export type RefundReasonView = Selected<RefundReason, typeof view>

/** Why money is given back, in the shop's words. */
export class RefundReasonService {
  readonly #db: Database
  readonly #query: Query

  constructor(db: Database, query: Query) {
    this.#db = db
    this.#query = query
  }

  /** @throws {RefundReasonCodeTaken} {@link InvalidInput} */
  async create(input: CreateRefundReason): Promise<RefundReasonView> {
    const [id] = await this.createMany([parse(CreateRefundReason, input)])
    return this.get(id as string)
  }

  /** Any number in one statement. @returns the ids, in order. @throws {RefundReasonCodeTaken} {@link InvalidInput} */
  async createMany(inputs: CreateRefundReasons): Promise<string[]> {
    const reasons = parse(CreateRefundReasons, inputs)
    return this.#db.insertRows(RefundReason, reasons).catch(taken(reasons.map(({ code }) => code)))
  }

  /** @throws {NotFound} {@link RefundReasonCodeTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateRefundReason): Promise<RefundReasonView> {
    const data = parse(UpdateRefundReason, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(RefundReason, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken([data.code ?? null]))
      if (changed === 0) throw new NotFound("Refund reason", id)
      return this.get(id)
    })
  }

  /** Refunds that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(RefundReason, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Refund reason", id)
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<RefundReasonView> {
    return this.#query.get(refundReasonResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<RefundReason> } = {}): Promise<Page<RefundReasonView>> {
    return this.#query.list(refundReasonResource, { ...options, fields: view })
  }
}

const taken = (codes: (string | null)[]) =>
  rethrowConstraint({
    refund_reason_code_unique: () => new RefundReasonCodeTaken(codes.filter((code) => code !== null)),
  })
