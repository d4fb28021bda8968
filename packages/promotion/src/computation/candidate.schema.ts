import { z } from "zod"

/** Whose use of budgets per customer is meant. */
export const customer = {
  customerId: z.string().min(1).max(100).nullable().default(null),
  /** In any case: one address is one customer. */
  email: z.string().trim().toLowerCase().min(1).max(320).nullable().default(null),
}

/** For which cart promotions are looked up. */
export const CandidateQuery = z.strictObject({
  /** Matched letter by letter. */
  codes: z.array(z.string().min(1).max(200)).max(100).default([]),
  ...customer,
  /** The moment at which campaigns must run: now, unless said. */
  at: z.date().optional(),
})
export type CandidateQuery = z.input<typeof CandidateQuery>
