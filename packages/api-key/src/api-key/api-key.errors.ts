import { ModuleError } from "@marquetry/kernel"

/** A key that is still accepted cannot be deleted: revoke it first. */
export class ApiKeyNotRevoked extends ModuleError {
  readonly code = "api_key.not_revoked"
  readonly kind = "invalid"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`The API key ${id} is not revoked: revoke it before you delete it`)
    this.details = { id }
  }
}

/** A secret key is a program's, and sells nothing. */
export class ApiKeyNotPublishable extends ModuleError {
  readonly code = "api_key.not_publishable"
  readonly kind = "invalid"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`The API key ${id} is a secret one: sales channels are those of publishable keys`)
    this.details = { id }
  }
}
