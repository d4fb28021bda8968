import {
  checkoutModule,
  CheckoutRecovery,
  commerceFields,
  completePaidCarts,
  fulfillmentNotices,
  paymentLedger,
  registerFlows,
} from "@marquetry/flows"
import { definePlugin } from "@marquetry/framework"
import { commerceErrorAnswers } from "./error-answers.ts"

/** What selling stands on, whichever of the APIs a backend has. */
export const commerce = definePlugin({
  name: "@marquetry/api/commerce",
  modules: [checkoutModule],
  computed: commerceFields,
  register: registerFlows,
  errorAnswers: commerceErrorAnswers,
  subscribers: [completePaidCarts, ...paymentLedger, ...fulfillmentNotices],
  jobs: [
    {
      name: "checkout.recover",
      schedule: { everySeconds: 30 },
      run: async (container) => {
        await container.resolve(CheckoutRecovery).run()
      },
    },
  ],
})
