import { UnknownProvider } from "./provider.errors.ts"
import type { ContentServer, FileProvider } from "./file-provider.ts"

const NAME = /^[a-z0-9][a-z0-9_-]{0,90}$/

/** The providers of a configuration. */
export class FileProviders {
  /** Takes what is uploaded. */
  readonly main: FileProvider
  readonly ids: readonly string[]
  /** Of the provider whose URLs lead to the shop. */
  readonly server: ContentServer | undefined
  readonly #byId: ReadonlyMap<string, FileProvider>

  /** @throws {TypeError} when there is none, two have one id or a server, or an id is not in lower case. */
  constructor(providers: readonly FileProvider[]) {
    const [main] = providers
    if (main === undefined) throw new TypeError("The file module has no provider: name one that keeps what is uploaded")
    this.#byId = new Map(providers.map((provider) => [provider.id, provider]))
    if (this.#byId.size < providers.length) throw new TypeError("Two file providers have the same id")
    for (const { id } of providers) {
      if (!NAME.test(id)) throw new TypeError(`File provider "${id}": the id is lower-case letters, digits, _ and -`)
    }
    const servers = providers.flatMap(({ server }) => (server === undefined ? [] : [server]))
    if (servers.length > 1) throw new TypeError("Two file providers have URLs that lead to the shop: one may")
    this.main = main
    this.server = servers[0]
    this.ids = [...this.#byId.keys()]
  }

  /** @throws {UnknownProvider} */
  get(id: string): FileProvider {
    const provider = this.#byId.get(id)
    if (provider === undefined) throw new UnknownProvider(id)
    return provider
  }
}
