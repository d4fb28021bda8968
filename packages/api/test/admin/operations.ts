import { vi } from "vitest"
import { PUBLIC_URL, type BackOffice, type Json } from "./back-office.ts"

/** A bulk operation as the API shows it. */
export interface Operation extends Json {
  readonly id: string
  readonly kind: string
  readonly status: string
  readonly summary: Json
  readonly error: { readonly code: string } | null
  readonly file: {
    readonly id: string
    readonly filename: string
    readonly mime_type: string
    readonly url: string
  } | null
}

/** An operation once there is nothing more to be done. */
export const ended = (office: BackOffice, id: unknown): Promise<Operation> =>
  vi.waitFor(
    async () => {
      const { body, text } = await office.get(`/admin/bulk-operations/${String(id)}`)
      if (body["bulk_operation"] === undefined) throw new Error(text)
      const operation = body["bulk_operation"] as Operation
      if (operation.status !== "done" && operation.status !== "failed") throw new Error(operation.status)
      return operation
    },
    { timeout: 20_000, interval: 50 },
  )

/** A URL of the shop, as whoever knows its name reaches it. */
export const reached = (office: BackOffice, url: string): string => url.replace(PUBLIC_URL, office.address)
