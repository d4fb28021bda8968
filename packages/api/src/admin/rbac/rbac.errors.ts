import { ModuleError } from "@marquetry/kernel"

/** What may be allowed follows from what there is to be done: it is not made, changed or deleted. */
export class PolicyFixed extends ModuleError {
  readonly code = "rbac.policy_fixed"
  readonly kind = "conflict"
  constructor() {
    super("Policies follow from the routes that there are: put those that there are into roles")
  }
}
