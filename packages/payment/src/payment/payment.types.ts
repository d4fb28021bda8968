export const collectionStatuses = [
  "not_paid",
  "awaiting",
  "authorized",
  "partially_authorized",
  "canceled",
  "failed",
  "partially_captured",
  "completed",
] as const
export type CollectionStatus = (typeof collectionStatuses)[number]

/** How far a collection has come before amounts decide: whether there is a session, whether its payments count. */
export const collectionStages = ["none", "awaiting", "failed", "paying", "canceled"] as const

export const sessionStatuses = [
  "pending",
  "requires_more",
  "authorized",
  "pending_authorization",
  "captured",
  "error",
  "canceled",
] as const
export type SessionStatus = (typeof sessionStatuses)[number]

export const operationKinds = ["capture", "refund", "cancel"] as const
/** What is asked of a provider for a payment that was authorised. */
export type OperationKind = (typeof operationKinds)[number]
