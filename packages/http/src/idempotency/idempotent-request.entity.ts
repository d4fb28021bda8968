import { defineEntity, p } from "@marquetry/kernel"

const IdempotentRequestTable = defineEntity({
  name: "IdempotentRequest",
  properties: {
    /** Hash of the caller's credentials and the key. */
    id: p.text().primary(),
    /** Hash of what must be the same when the key comes again: method, address and body; of one that was read as it came another, behind a blank. */
    request: p.text(),
    /** Who runs it: nobody else may say how it ended. */
    claim: p.text(),
    /** From then on another may run it, unless it has been answered. */
    leasedUntil: p.datetime(3),
    /** `null` while it runs. */
    status: p.integer().strictNullable(),
    /** Headers and body, sealed: only who sends the same credentials and key can open them. */
    answer: p.text().strictNullable(),
    createdAt: p.datetime(3).defaultRaw("now()").index("idempotent_request_created_at_index"),
  },
})

/** A request that came with an `Idempotency-Key`, and how it was answered. */
export class IdempotentRequest extends IdempotentRequestTable.class {}
IdempotentRequestTable.setClass(IdempotentRequest)
