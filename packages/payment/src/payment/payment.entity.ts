import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { collectionStages, collectionStatuses, operationKinds, sessionStatuses } from "./payment.types.ts"

// An upper bound, because NaN is greater than every number.
const isAmount = "amount >= 0 and amount < 1000000000000000000"
const isCurrencyCode = "currency_code ~ '^[a-z]{3}$'"

const money = () => p.decimal().columnType("numeric")

/**
 * The one place where the status of a collection is derived: whoever writes amounts or the stage cannot forget it.
 * Written as Postgres prints it, so that migrations and entities can be compared.
 */
const derivedStatus = `(case
    when (stage = 'none'::text) then 'not_paid'::text
    when (stage <> 'paying'::text) then stage
    when (captured_amount >= amount) then 'completed'::text
    when (captured_amount > (0)::numeric) then 'partially_captured'::text
    when (authorized_amount >= amount) then 'authorized'::text
    else 'partially_authorized'::text
end) stored`

const PaymentCollectionTable = defineEntity({
  name: "PaymentCollection",
  checks: [
    { name: "payment_collection_currency_code_check", expression: isCurrencyCode },
    { name: "payment_collection_amount_check", expression: isAmount },
    {
      name: "payment_collection_counters_check",
      expression:
        "refunded_amount >= 0 and refunded_amount <= captured_amount and captured_amount <= authorized_amount",
    },
  ],
  properties: {
    id: id("pay_col"),
    /** ISO 4217, lower case. */
    currencyCode: p.text(),
    /** What is to be paid, in major units. */
    amount: money(),
    authorizedAmount: money().default("0"),
    capturedAmount: money().default("0"),
    refundedAmount: money().default("0"),
    stage: p.enum(collectionStages).default("none"),
    status: p.enum(collectionStatuses).generated(derivedStatus),
    /** When all of it was captured. */
    completedAt: p.datetime(3).strictNullable().default(null),
    paymentSessions: () => p.oneToMany(PaymentSession).mappedBy("paymentCollection"),
    payments: () => p.oneToMany(Payment).mappedBy("paymentCollection"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What is to be paid for one cart or order, in however many payments. */
export class PaymentCollection extends PaymentCollectionTable.class {}
PaymentCollectionTable.setClass(PaymentCollection)

const PaymentSessionTable = defineEntity({
  name: "PaymentSession",
  indexes: [
    {
      name: "payment_session_open_unique",
      expression: `create unique index "payment_session_open_unique" on "payment"."payment_session" ("payment_collection_id")
        where "deleted_at" is null and "status" in ('pending', 'requires_more', 'pending_authorization', 'error')`,
    },
    {
      name: "payment_session_unreleased_index",
      expression: `create index "payment_session_unreleased_index" on "payment"."payment_session" ("deleted_at")
        where "deleted_at" is not null and "released_at" is null`,
    },
    {
      name: "payment_session_under_way_index",
      expression: `create index "payment_session_under_way_index" on "payment"."payment_session" ("claimed_at")
        where "deleted_at" is null and "status" = 'pending_authorization'`,
    },
  ],
  checks: [
    { name: "payment_session_currency_code_check", expression: isCurrencyCode },
    { name: "payment_session_amount_check", expression: isAmount },
  ],
  properties: {
    id: id("payses"),
    paymentCollection: () => p.manyToOne(PaymentCollection).ref().index("payment_session_payment_collection_id_index"),
    providerId: p.text(),
    /** ISO 4217, lower case. */
    currencyCode: p.text(),
    /** Major units, rounded to the currency's digits. */
    amount: money(),
    /** What the provider keeps with the session; shown to the buyer (`client_secret`). */
    data: p.json<Record<string, unknown>>(),
    /** What was known of the buyer. */
    context: p.json<Record<string, unknown>>(),
    status: p.enum(sessionStatuses).default("pending"),
    authorizedAt: p.datetime(3).strictNullable().default(null),
    /** Under which key the provider was asked last to authorise it. */
    idempotencyKey: p.text().strictNullable().default(null),
    /** When somebody last began to ask the provider what became of it; nobody else asks for a while. */
    claimedAt: p.datetime(3).strictNullable().default(null),
    /** When the provider was told that a dropped session will not be used. */
    releasedAt: p.datetime(3).strictNullable().default(null),
    payment: () => p.oneToOne(Payment).mappedBy("paymentSession").ref().strictNullable(),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** The attempt to pay a collection through one provider; one that is open at a time. */
export class PaymentSession extends PaymentSessionTable.class {}
PaymentSessionTable.setClass(PaymentSession)

const PaymentTable = defineEntity({
  name: "Payment",
  indexes: [searchIndex("payment", "payment", ["id", "provider_id"])],
  checks: [
    { name: "payment_currency_code_check", expression: isCurrencyCode },
    { name: "payment_amount_check", expression: isAmount },
    {
      name: "payment_captured_check",
      expression: "captured_amount >= 0 and capturing_amount >= 0 and captured_amount + capturing_amount <= amount",
    },
    {
      name: "payment_refunded_check",
      expression:
        "refunded_amount >= 0 and refunding_amount >= 0 and refunded_amount + refunding_amount <= captured_amount",
    },
    {
      name: "payment_canceled_check",
      expression: "canceled_at is null and not canceling or captured_amount + capturing_amount = 0",
    },
  ],
  properties: {
    id: id("pay"),
    paymentCollection: () => p.manyToOne(PaymentCollection).ref().index("payment_payment_collection_id_index"),
    // One column, one index: a session makes one payment, however often it is recorded.
    paymentSession: () => p.oneToOne(PaymentSession).ref().owner().unique("payment_payment_session_id_unique"),
    providerId: p.text(),
    /** ISO 4217, lower case. */
    currencyCode: p.text(),
    /** What was authorised, in major units. */
    amount: money(),
    authorizedAmount: money().generated("(amount) stored"),
    capturedAmount: money().default("0"),
    refundedAmount: money().default("0"),
    /** Reserved for captures that the provider has not answered yet. */
    capturingAmount: money().default("0"),
    /** Reserved for refunds that the provider has not answered yet. */
    refundingAmount: money().default("0"),
    /** Whether the provider was asked to cancel it and has not answered yet. */
    canceling: p.boolean().default(false),
    data: p.json<Record<string, unknown>>(),
    /** When all of it was captured. */
    capturedAt: p.datetime(3).strictNullable().default(null),
    canceledAt: p.datetime(3).strictNullable().default(null),
    captures: () => p.oneToMany(Capture).mappedBy("payment"),
    refunds: () => p.oneToMany(Refund).mappedBy("payment"),
    ...metadata,
    createdAt: timestamps.createdAt.index("payment_created_at_index"),
    updatedAt: timestamps.updatedAt,
    ...softDelete,
  },
})

/** Money that a provider has set aside: it can be captured in parts, and refunded in parts. */
export class Payment extends PaymentTable.class {}
PaymentTable.setClass(Payment)

const CaptureTable = defineEntity({
  name: "Capture",
  checks: [{ name: "capture_amount_check", expression: isAmount }],
  properties: {
    id: id("capt"),
    payment: () => p.manyToOne(Payment).ref().index("capture_payment_id_index"),
    amount: money(),
    /** Id of whoever asked for it. */
    createdBy: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Money that was taken. */
export class Capture extends CaptureTable.class {}
CaptureTable.setClass(Capture)

const RefundReasonTable = defineEntity({
  name: "RefundReason",
  indexes: [
    {
      name: "refund_reason_search_index",
      expression: `create index "refund_reason_search_index" on "payment"."refund_reason" using gin (to_tsvector('simple'::regconfig, coalesce("label", '') || ' ' || coalesce("code", '') || ' ' || coalesce("description", '')))`,
    },
    {
      name: "refund_reason_code_unique",
      expression: `create unique index "refund_reason_code_unique" on "payment"."refund_reason" ("code") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("refr"),
    label: p.text(),
    /** Names it for programs; unique among those that are not deleted. */
    code: p.text().strictNullable().default(null),
    description: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Why money is given back, in the shop's words. */
export class RefundReason extends RefundReasonTable.class {}
RefundReasonTable.setClass(RefundReason)

const RefundTable = defineEntity({
  name: "Refund",
  checks: [{ name: "refund_amount_check", expression: isAmount }],
  properties: {
    id: id("ref"),
    payment: () => p.manyToOne(Payment).ref().index("refund_payment_id_index"),
    amount: money(),
    note: p.text().strictNullable().default(null),
    refundReason: () =>
      p.manyToOne(RefundReason).ref().strictNullable().default(null).index("refund_refund_reason_id_index"),
    /** Id of whoever asked for it. */
    createdBy: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Money that was given back. */
export class Refund extends RefundTable.class {}
RefundTable.setClass(Refund)

const PaymentOperationTable = defineEntity({
  name: "PaymentOperation",
  properties: {
    /** That of the capture or refund that it becomes, and the key under which the provider is asked. */
    id: p.text().primary(),
    payment: () => p.manyToOne(Payment).ref().index("payment_operation_payment_id_index"),
    kind: p.enum(operationKinds),
    /** Reserved on the payment for as long as the operation is there. */
    amount: money(),
    note: p.text().strictNullable().default(null),
    refundReason: () => p.manyToOne(RefundReason).ref().strictNullable().default(null),
    createdBy: p.text().strictNullable().default(null),
    /** When somebody last began to ask the provider; nobody else asks for a while. */
    claimedAt: p.datetime(3).index("payment_operation_claimed_at_index"),
    ...metadata,
    ...timestamps,
  },
})

/** A capture, refund or cancellation that the provider has not answered yet. Gone once it has. */
export class PaymentOperation extends PaymentOperationTable.class {}
PaymentOperationTable.setClass(PaymentOperation)
