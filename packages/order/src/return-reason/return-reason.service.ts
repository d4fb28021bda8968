import {
  hold,
  parse,
  Records,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { ReturnReason } from "./return-reason.entity.ts"
import { ReturnReasonTaken } from "./return-reason.errors.ts"
import { ReturnReasonCreated, ReturnReasonDeleted, ReturnReasonUpdated } from "./return-reason.events.ts"
import { returnReasonResource } from "./return-reason.resources.ts"
import { CreateReturnReasons, UpdateReturnReason, type CreateReturnReason } from "./return-reason.schema.ts"

const all = { "*": true } as const
const view = { ...all, parentReturnReason: all, returnReasonChildren: all } as const

/** A return reason, with the one above it and those below. */
export type ReturnReasonView = Selected<ReturnReason, typeof view>

const kind = {
  entity: ReturnReason,
  resource: returnReasonResource,
  fields: view,
  created: ReturnReasonCreated,
  updated: ReturnReasonUpdated,
  deleted: ReturnReasonDeleted,
  refuse: (reasons: readonly { value?: string }[]) =>
    rethrowConstraint({
      return_reason_value_unique: () => new ReturnReasonTaken(reasons.flatMap(({ value }) => value ?? [])),
    }),
}

/** Why customers send things back: the list that they choose from. */
export class ReturnReasonService {
  readonly #db: Database
  readonly #reasons

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#reasons = new Records(db, events, query, kind)
  }

  /** @throws {ReturnReasonTaken} {@link NotFound} when there is no such parent, {@link InvalidInput} */
  async create(input: CreateReturnReason): Promise<ReturnReasonView> {
    const [made] = await this.createMany([input])
    return made as ReturnReasonView
  }

  /** All of them or none, in four statements at most; answered in order. @throws as {@link create} */
  async createMany(inputs: readonly CreateReturnReason[]): Promise<ReturnReasonView[]> {
    const data = parse(CreateReturnReasons, inputs)
    if (data.length === 0) return []
    const rows = data.map(({ parentReturnReasonId, ...row }) => ({ ...row, parentReturnReason: parentReturnReasonId }))
    return this.#db.transaction(async () => {
      // None is deleted before there is something below it.
      const parents = data.flatMap(({ parentReturnReasonId }) => parentReturnReasonId ?? [])
      await hold(this.#db, returnReasonResource, parents, "share")
      return this.#reasons.insertMany(rows)
    })
  }

  /** @throws {NotFound} {@link ReturnReasonTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateReturnReason): Promise<ReturnReasonView> {
    return this.#reasons.update(id, parse(UpdateReturnReason, input))
  }

  /** Deletes it; closer reasons below it stand by themselves, and its value is free. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#reasons.delete(id, () =>
      this.#db.run(
        `update "order"."return_reason" set parent_return_reason_id = null, updated_at = now()
         where parent_return_reason_id = $1`,
        [id],
      ),
    )
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ReturnReasonView> {
    return this.#reasons.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<ReturnReason> } = {}): Promise<Page<ReturnReasonView>> {
    return this.#reasons.list(options)
  }
}
