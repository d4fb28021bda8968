export const budgetTypes = ["spend", "usage", "use_by_attribute", "spend_by_attribute"] as const
/** What a budget counts: money or uses, of everybody together or of each customer. */
export type BudgetType = (typeof budgetTypes)[number]

export const budgetAttributes = ["customer_id", "customer_email"] as const
/** By what a budget tells customers apart. */
export type BudgetAttribute = (typeof budgetAttributes)[number]

/** Whether a budget counts money; else it counts uses. */
export const countsMoney = (type: BudgetType): boolean => type === "spend" || type === "spend_by_attribute"
/** Whether the limit of a budget is that of each customer. */
export const isPerCustomer = (type: BudgetType): boolean => type.endsWith("_by_attribute")
