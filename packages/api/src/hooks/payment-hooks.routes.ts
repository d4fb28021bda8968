import { routes } from "@marquetry/http"
import { PaymentWebhookService } from "@marquetry/payment"
import { z } from "zod"

/** What is known by its signature: these routes take no key and no login. */
export const paymentHookRoutes = routes("/hooks/payment", {}, ({ post }) => {
  post(
    "/:provider",
    {
      summary: "Hears what a payment provider tells",
      description: "`:provider` is the id of the provider, with or without `pp_`. Its signature is checked.",
      params: z.object({ provider: z.string().max(200) }),
      rawBody: true,
      response: z.object({ received: z.literal(true) }),
      // Money for what was dropped meanwhile is given back at once.
      external: true,
    },
    async ({ params, rawBody, requestHeaders: headers, resolve }) => {
      const id = params.provider.startsWith("pp_") ? params.provider : `pp_${params.provider}`
      await resolve<PaymentWebhookService>(PaymentWebhookService).handleWebhook(id, { rawBody, headers })
      return { received: true }
    },
  )
})
