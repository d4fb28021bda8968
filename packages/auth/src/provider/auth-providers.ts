import { ModuleError } from "@marquetry/kernel"
import type { AuthProvider } from "./auth-provider.ts"

/** There is no provider of that name. */
export class UnknownProvider extends ModuleError {
  readonly code = "auth.unknown_provider"
  readonly kind = "forbidden"
  override readonly details: { provider: string }
  constructor(provider: string) {
    super(`There is no auth provider "${provider}"`)
    this.details = { provider }
  }
}

/** The providers that a shop has chosen, by name. */
export class AuthProviders {
  readonly #byName: ReadonlyMap<string, AuthProvider>

  /** @throws {TypeError} when two have one name. */
  constructor(providers: readonly AuthProvider[]) {
    this.#byName = new Map(providers.map((provider) => [provider.name, provider]))
    if (this.#byName.size < providers.length) throw new TypeError("Two auth providers have the same name")
  }

  /** @throws {UnknownProvider} */
  get(name: string): AuthProvider {
    const provider = this.#byName.get(name)
    if (provider === undefined) throw new UnknownProvider(name)
    return provider
  }

  list(): readonly AuthProvider[] {
    return [...this.#byName.values()]
  }
}
