import type { PaymentProvider } from "./payment-provider.ts"

/**
 * Payment that somebody sees to by hand: on delivery, on account, by transfer. Authorises at once; to capture is to note
 * that the money came.
 */
export const manualPayment: PaymentProvider = Object.freeze<PaymentProvider>({
  id: "pp_system_default",
  local: true,
  initiate: async ({ data }) => ({ data }),
  update: async ({ data }) => ({ data }),
  authorize: async ({ data }) => ({ status: "authorized", data }),
  // Without a transaction of its own there is no attempt that was not recorded.
  statusOf: async ({ data }) => ({ status: "none", data }),
  capture: async ({ data }) => ({ data }),
  refund: async ({ data }) => ({ data }),
  cancel: async ({ data }) => ({ data }),
  delete: async () => {},
})
