/** The fields of a price that views show. Its rules come as rows. */
export const priceView = {
  id: true,
  currencyCode: true,
  amount: true,
  minQuantity: true,
  maxQuantity: true,
  title: true,
  rulesCount: true,
  priceListId: true,
  createdAt: true,
  updatedAt: true,
  deletedAt: true,
  priceRules: { id: true, attribute: true, operator: true, value: true, priority: true },
} as const
