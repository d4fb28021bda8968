import { ModuleError } from "@marquetry/kernel"

/** Somebody registered with this e-mail address before, as whatever type of actor. */
export class IdentityExists extends ModuleError {
  readonly code = "auth.identity_exists"
  readonly kind = "conflict"
  override readonly details: { provider: string }
  constructor(provider: string) {
    super("Somebody has registered with this e-mail address already")
    this.details = { provider }
  }
}

/** The identity is an actor of this type already. */
export class ActorExists extends ModuleError {
  readonly code = "auth.actor_exists"
  // The wire's contract answers 400.
  readonly kind = "invalid"
  override readonly details: { authIdentityId: string; actorType: string }
  constructor(authIdentityId: string, actorType: string) {
    super(`The identity is a ${actorType} already`)
    this.details = { authIdentityId, actorType }
  }
}
