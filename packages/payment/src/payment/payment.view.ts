/** Fields of a session that its readers see. */
export const sessionFields = {
  id: true,
  paymentCollectionId: true,
  providerId: true,
  currencyCode: true,
  amount: true,
  data: true,
  context: true,
  status: true,
  authorizedAt: true,
  metadata: true,
  createdAt: true,
  updatedAt: true,
  deletedAt: true,
} as const

/** Fields of a payment that its readers see, with what was captured and refunded of it. */
export const paymentFields = {
  id: true,
  paymentCollectionId: true,
  paymentSessionId: true,
  providerId: true,
  currencyCode: true,
  amount: true,
  authorizedAmount: true,
  capturedAmount: true,
  refundedAmount: true,
  data: true,
  capturedAt: true,
  canceledAt: true,
  metadata: true,
  createdAt: true,
  updatedAt: true,
  deletedAt: true,
  captures: { "*": true },
  refunds: { "*": true },
} as const
