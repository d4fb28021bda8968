import { defineModule } from "@marquetry/kernel"
import { CreateCheckoutAttempts } from "../migrations/20261122210000_create-checkout-attempts.ts"
import { CheckoutAttempt, checkoutAttemptResource } from "./checkout-attempt.entity.ts"

/** What the checkout must remember across a crash. A composition whose carts become orders has it. */
export const checkoutModule = defineModule({
  name: "checkout",
  entities: [CheckoutAttempt],
  migrations: [CreateCheckoutAttempts],
  resources: [checkoutAttemptResource],
  register() {},
})
