import { ModuleError } from "@marquetry/kernel"

/** Somebody would delete the user whom they are logged in as. */
export class OwnAccount extends ModuleError {
  readonly code = "user.own_account"
  readonly kind = "conflict"
  constructor() {
    super("Nobody deletes themselves: ask a colleague")
  }
}

/** Nobody would be left who may do everything, and so nobody who could give that back. */
export class LastAdministrator extends ModuleError {
  readonly code = "user.last_administrator"
  readonly kind = "conflict"
  constructor() {
    super(
      "Of all users one at least may do everything: make another one first, without roles or with one that allows *:*",
    )
  }
}

/** The user does not log in by a password. */
export class PasswordUnknown extends ModuleError {
  readonly code = "user.no_password"
  readonly kind = "conflict"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`The user ${id} does not log in by a password`)
    this.details = { id }
  }
}
