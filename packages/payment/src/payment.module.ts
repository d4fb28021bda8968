import {
  Database,
  defineModule,
  Events,
  Query,
  start,
  type DependencyContainer,
  type ModuleDefinition,
  type Started,
  type StartOptions,
} from "@marquetry/kernel"
import { AccountHolder } from "./account-holder/account-holder.entity.ts"
import { accountHolderResource } from "./account-holder/account-holder.resources.ts"
import { AccountHolderService } from "./account-holder/account-holder.service.ts"
import { CreatePayments } from "./migrations/20261101000000_create-payments.ts"
import { ListPayments } from "./migrations/20261126190100_list-payments.ts"
import { PaymentCollectionService } from "./payment-collection/payment-collection.service.ts"
import { PaymentSessionService } from "./payment-session/payment-session.service.ts"
import { PaymentOperations } from "./payment/payment-operations.ts"
import {
  Capture,
  Payment,
  PaymentCollection,
  PaymentOperation,
  PaymentSession,
  Refund,
  RefundReason,
} from "./payment/payment.entity.ts"
import {
  captureResource,
  paymentCollectionResource,
  paymentResource,
  paymentSessionResource,
  refundReasonResource,
  refundResource,
} from "./payment/payment.resources.ts"
import { PaymentService } from "./payment/payment.service.ts"
import { manualPayment } from "./provider/manual-payment.ts"
import type { PaymentProvider } from "./provider/payment-provider.ts"
import { PaymentProviderRow } from "./provider/provider.entity.ts"
import { paymentProviderResource } from "./provider/provider.resources.ts"
import { PaymentProviderService, seedProviders } from "./provider/provider.service.ts"
import { PaymentProviders } from "./provider/providers.ts"
import { PaymentRecoveryService } from "./recovery/recovery.service.ts"
import { PaymentWebhookEvent } from "./recovery/webhook-event.entity.ts"
import { PaymentWebhookService } from "./recovery/webhook.service.ts"
import { RefundReasonService } from "./refund-reason/refund-reason.service.ts"

export interface PaymentOptions {
  /** {@link manualPayment} alone unless said. */
  readonly providers?: readonly PaymentProvider[]
  /** Milliseconds that a provider has for an answer: 30,000 unless said. */
  readonly timeout?: number
  /**
   * Milliseconds after which recovery takes up what nobody has finished; twice the timeout unless said, and never less than
   * the timeout where several processes run.
   */
  readonly recoverAfter?: number
}

const entities = [
  PaymentCollection,
  PaymentSession,
  Payment,
  Capture,
  Refund,
  RefundReason,
  PaymentOperation,
  PaymentProviderRow,
  AccountHolder,
  PaymentWebhookEvent,
]

const resources = [
  paymentCollectionResource,
  paymentSessionResource,
  paymentResource,
  captureResource,
  refundResource,
  refundReasonResource,
  paymentProviderResource,
  accountHolderResource,
]

/** Payments, with the providers of a shop. */
export function paymentModule(options: PaymentOptions = {}): ModuleDefinition {
  const { providers: given = [manualPayment], timeout = 30_000, recoverAfter = 2 * timeout } = options
  const providers = new PaymentProviders(given, timeout)
  return defineModule({
    name: "payment",
    entities,
    migrations: [CreatePayments, ListPayments],
    resources,
    seed: (db) => seedProviders(db, providers.ids),
    register: (container) => register(container, providers, recoverAfter),
  })
}

function register(container: DependencyContainer, providers: PaymentProviders, recoverAfter: number): void {
  container.registerInstance(PaymentProviders, providers)
  container.register(PaymentOperations, {
    useFactory: (c) => new PaymentOperations(c.resolve(Database), c.resolve(Events), providers),
  })
  container.register(PaymentProviderService, {
    useFactory: (c) => new PaymentProviderService(c.resolve(Query), providers),
  })
  for (const Service of [PaymentCollectionService, AccountHolderService]) {
    container.register<InstanceType<typeof Service>>(Service, {
      useFactory: (c) => new Service(c.resolve(Database), c.resolve(Query), providers),
    })
  }
  container.register(PaymentSessionService, {
    useFactory: (c) => new PaymentSessionService(c.resolve(Database), c.resolve(Events), c.resolve(Query), providers),
  })
  container.register(PaymentService, {
    useFactory: (c) => new PaymentService(c.resolve(Database), c.resolve(Query), c.resolve(PaymentOperations)),
  })
  container.register(RefundReasonService, {
    useFactory: (c) => new RefundReasonService(c.resolve(Database), c.resolve(Query)),
  })
  container.register(PaymentWebhookService, {
    useFactory: (c) =>
      new PaymentWebhookService(c.resolve(Database), c.resolve(Events), providers, c.resolve(PaymentSessionService)),
  })
  container.register(PaymentRecoveryService, {
    useFactory: (c) => {
      const [operations, sessions] = [c.resolve(PaymentOperations), c.resolve(PaymentSessionService)]
      return new PaymentRecoveryService(c.resolve(Database), providers, operations, sessions, recoverAfter)
    },
  })
}

/** What {@link startPayment} gives. */
export interface PaymentServices {
  readonly collections: PaymentCollectionService
  readonly sessions: PaymentSessionService
  readonly payments: PaymentService
  readonly refundReasons: RefundReasonService
  readonly accountHolders: AccountHolderService
  readonly providers: PaymentProviderService
  readonly webhooks: PaymentWebhookService
  readonly recovery: PaymentRecoveryService
}

/** Runs payments alone, on your database or an embedded one. */
export function startPayment(options: StartOptions & PaymentOptions = {}): Promise<Started<PaymentServices>> {
  return start(paymentModule(options), options, (container) => ({
    collections: container.resolve(PaymentCollectionService),
    sessions: container.resolve(PaymentSessionService),
    payments: container.resolve(PaymentService),
    refundReasons: container.resolve(RefundReasonService),
    accountHolders: container.resolve(AccountHolderService),
    providers: container.resolve(PaymentProviderService),
    webhooks: container.resolve(PaymentWebhookService),
    recovery: container.resolve(PaymentRecoveryService),
  }))
}
