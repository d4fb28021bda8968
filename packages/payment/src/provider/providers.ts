import type { Database } from "@marquetry/kernel"
import { ProviderUnavailable, UnknownProvider } from "./provider.errors.ts"
import type { PaymentProvider } from "./payment-provider.ts"

const NAME = /^pp_[a-z0-9][a-z0-9_-]{0,90}$/

/** The providers of a configuration, and the one way to call them. */
export class PaymentProviders {
  /** Milliseconds that a provider has for an answer. */
  readonly timeout: number
  /** Ids of those that may be called in a transaction. */
  readonly localIds: readonly string[]
  readonly ids: readonly string[]
  readonly #byId: ReadonlyMap<string, PaymentProvider>

  /** @throws {TypeError} when two have one id, or an id does not begin with `pp_`. */
  constructor(providers: readonly PaymentProvider[], timeout: number) {
    this.timeout = timeout
    this.#byId = new Map(providers.map((provider) => [provider.id, provider]))
    if (this.#byId.size < providers.length) throw new TypeError("Two payment providers have the same id")
    for (const { id } of providers) {
      if (!NAME.test(id)) throw new TypeError(`Payment provider "${id}": the id is pp_ and lower-case letters`)
    }
    this.ids = [...this.#byId.keys()]
    this.localIds = providers.filter(({ local }) => local === true).map(({ id }) => id)
  }

  /** @throws {UnknownProvider} */
  get(id: string): PaymentProvider {
    const provider = this.#byId.get(id)
    if (provider === undefined) throw new UnknownProvider(id)
    return provider
  }

  /** Whether nothing of the provider is outside of the database: it may be called in a transaction. @throws {UnknownProvider} */
  isLocal(id: string): boolean {
    return this.get(id).local === true
  }

  /**
   * Calls a provider: with no transaction open, unless it is local, and not for longer than it may take.
   *
   * @throws {UnknownProvider} {@link ProviderUnavailable} when it took too long; what the provider throws.
   */
  async call<T>(
    db: Database,
    id: string,
    work: (provider: PaymentProvider, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const provider = this.get(id)
    const controller = new AbortController()
    if (provider.local === true) return work(provider, controller.signal)
    if (db.inTransaction) {
      throw new Error(`The payment provider "${id}" was called in a transaction, which would wait for it: commit first`)
    }
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      reject(new ProviderUnavailable(id, `no answer within ${this.timeout} ms`))
      controller.abort()
    }, this.timeout)
    try {
      return await Promise.race([work(provider, controller.signal), late])
    } finally {
      clearTimeout(timer)
    }
  }
}
