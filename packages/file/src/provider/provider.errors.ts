import { ModuleError } from "@marquetry/kernel"

/** A file is kept by a provider that the configuration does not name (any more). */
export class UnknownProvider extends ModuleError {
  readonly code = "file.unknown_provider"
  readonly kind = "invalid"
  override readonly details: { providerId: string }
  constructor(providerId: string) {
    super(`There is no file provider "${providerId}": add it to the providers of the file module`)
    this.details = { providerId }
  }
}

/** The provider did not do what it was asked: no answer, no space, no permission. Thrown by providers. */
export class ProviderUnavailable extends ModuleError {
  readonly code = "file.provider_unavailable"
  readonly kind = "unavailable"
  override readonly details: { providerId: string }
  constructor(providerId: string, message: string, options?: ErrorOptions) {
    super(`The file provider "${providerId}" cannot be reached: ${message}`, options)
    this.details = { providerId }
  }
}

/** The provider has no such content, though there is a file of it: somebody has deleted it there. Thrown by providers. */
export class ContentMissing extends ModuleError {
  readonly code = "file.content_missing"
  readonly kind = "not_found"
  override readonly details: { key: string }
  constructor(key: string, options?: ErrorOptions) {
    super(`There is no content "${key}"`, options)
    this.details = { key }
  }
}

/** The URL was not signed for this, has expired, or was used. Thrown by providers whose URLs lead to the shop itself. */
export class UrlRefused extends ModuleError {
  readonly code = "file.url_refused"
  readonly kind = "forbidden"
  constructor() {
    super("The URL is not valid, or not any more")
  }
}

const away = new Set(["file.provider_unavailable", "file.unknown_provider"])

/** Whether a provider cannot be asked now. By code, so that one with a copy of this package of its own is understood. */
export const isAway = (error: unknown): boolean => ModuleError.is(error) && away.has(error.code)
