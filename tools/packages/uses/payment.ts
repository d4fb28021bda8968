import { CaptureTooHigh, startPayment, type PaymentView } from "@marquetry/payment"

async function main(): Promise<void> {
  const { collections, sessions, payments, migrate, close } = await startPayment({
    database: process.env["DATABASE_URL"],
  })
  await migrate()
  const { id } = await collections.create({ currencyCode: "eur", amount: "49.90" })
  const session = await sessions.create(id, { providerId: "pp_system_default" })
  const { payment } = await sessions.authorizeAndRecord(session.id)
  if (payment === null) throw new Error("not authorised")
  const captured: PaymentView = await payments.capture(payment.id, { amount: 40 })
  const refusal: unknown = await payments.capture(payment.id, { amount: 10 }).catch((e) => e)
  await close()
  if (captured.capturedAmount !== "40" || !(refusal instanceof CaptureTooHigh)) throw new Error(String(refusal))
  console.log("ok")
}

void main()
