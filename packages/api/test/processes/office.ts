import { createBackend } from "@marquetry/framework"
import { httpPayment } from "@marquetry/payment/testing"
import { officeConfig } from "../admin/back-office.ts"

const [, , url, directory, bank] = process.argv as [string, string, string, string, string]

/** A backend of the back office whose database is named, in a process of its own. It ends with whoever started it. */
const backend = await createBackend(officeConfig(url, directory, { payments: [httpPayment({ url: bank })] }))
process.once("disconnect", () => void backend.close().finally(() => process.exit(0)))
process.send?.(await backend.listen())
