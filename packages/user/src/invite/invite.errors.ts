import { ModuleError } from "@marquetry/kernel"

/** The token was used, has expired, was replaced or taken back, or never was. Which of these is not for its bearer to know. */
export class InviteInvalid extends ModuleError {
  readonly code = "user.invite_invalid"
  readonly kind = "forbidden"
  constructor() {
    super("The invite is not valid, or not any more")
  }
}

/** An invite waits for that e-mail address already, expired or not: resend it, or delete it first. */
export class InvitePending extends ModuleError {
  readonly code = "user.invite_pending"
  readonly kind = "conflict"
  override readonly details: { emails: string[] }
  constructor(emails: string[]) {
    super(`There is an invite for this e-mail address, or one of them: ${emails.slice(0, 10).join(", ")}`)
    this.details = { emails }
  }
}

/** The invite was accepted: there is nothing to send again. */
export class InviteUsed extends ModuleError {
  readonly code = "user.invite_used"
  readonly kind = "conflict"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`The invite ${id} was accepted already`)
    this.details = { id }
  }
}
