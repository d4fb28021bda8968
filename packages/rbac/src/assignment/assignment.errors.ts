import { ModuleError } from "@marquetry/kernel"

/** Somebody would be left without a role, and so be allowed everything. */
export class LastRole extends ModuleError {
  readonly code = "rbac.last_role"
  readonly kind = "conflict"
  override readonly details: { actorType: string; actorIds: string[] }
  constructor(actorType: string, actorIds: string[]) {
    super(
      `Without a role they would be allowed everything, give them another one first: ${actorIds.slice(0, 10).join(", ")}`,
    )
    this.details = { actorType, actorIds }
  }
}
