import { startPayment } from "../../src/index.ts"
import { httpPayment } from "../../src/testing.ts"

// Authorises a session or captures a payment, for as long as the service takes; then it is killed from outside.
const [, , database, url, task, id] = process.argv as string[]
const alone = await startPayment({
  database: database!,
  providers: [httpPayment({ url: url! })],
  events: { relay: false },
})
if (task === "authorize") await alone.sessions.authorizeAndRecord(id!, { idempotencyKey: `attempt-${id}` })
if (task === "capture") await alone.payments.capture(id!)
await alone.close()
