import { startPayment, WebhookRejected } from "@marquetry/payment"
import { stripeProvider } from "@marquetry/payment-stripe"

async function main(): Promise<void> {
  const { providers, webhooks, migrate, close } = await startPayment({
    database: process.env["DATABASE_URL"],
    providers: [stripeProvider({ apiKey: "sk_test_none", webhookSecret: "whsec_none" })],
  })
  await migrate()
  const { rows } = await providers.list()
  const forged = { rawBody: "{}", headers: { "stripe-signature": "t=1,v1=0" } }
  const refusal: unknown = await webhooks.handleWebhook("pp_stripe_stripe", forged).catch((e) => e)
  await close()
  if (rows[0]?.id !== "pp_stripe_stripe" || !(refusal instanceof WebhookRejected)) throw new Error(String(refusal))
  console.log("ok")
}

void main()
