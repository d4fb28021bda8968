import {
  InvalidInput,
  parse,
  Records,
  rethrowConstraint,
  type Database,
  type EntityOf,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { EmailTaken } from "../user/user.errors.ts"
import type { UserService, UserView } from "../user/user.service.ts"
import { Invite } from "./invite.entity.ts"
import { InviteInvalid, InvitePending, InviteUsed } from "./invite.errors.ts"
import { InviteAccepted, InviteCreated, InviteDeleted, InviteResent } from "./invite.events.ts"
import { inviteResource } from "./invite.resources.ts"
import { AcceptInvite, CreateInvite, CreateInvites } from "./invite.schema.ts"
import { hashOf, isToken, newToken, redact } from "./token.ts"

const view = { "*": true } as const
type Readable = EntityOf<typeof inviteResource>

/** An invite. `token` is `…` and its last characters: it opens nothing. */
export type InviteView = Selected<Readable, typeof view>

/** An invite that was just made or sent again: the only time that its whole `token` is seen. */
export type SentInvite = InviteView

/** Who has accepted, and the ids of the roles that they were invited to. */
export interface AcceptedInvite {
  readonly inviteId: string
  readonly user: UserView
  readonly roles: readonly string[]
}

const kind = {
  entity: Invite,
  resource: inviteResource,
  fields: view,
  created: InviteCreated,
  updated: InviteResent,
  deleted: InviteDeleted,
  refuse: (invites: readonly { email?: string }[]) =>
    rethrowConstraint({ invite_email_unique: () => new InvitePending(invites.flatMap(({ email }) => email ?? [])) }),
}

/** The update decides, by the database's clock: of those who come with one token at once, the others wait and find it used. */
const accept = `update "user"."invite" set accepted = true, updated_at = clock_timestamp()
   where token_hash = $1 and not accepted and deleted_at is null and expires_at > clock_timestamp()
   returning id, email, roles`

const findUsers = `select email from "user"."user" where email = any($1::text[]) and deleted_at is null order by email`

/** Lets people become users by a token that reaches them elsewhere: whoever makes an invite sends it. */
export class InviteService {
  readonly #db: Database
  readonly #events: Events
  readonly #invites
  readonly #users: UserService
  readonly #lifetime: number

  /** @param lifetime seconds that a token can be used. */
  constructor(db: Database, events: Events, query: Query, users: UserService, lifetime: number) {
    this.#db = db
    this.#events = events
    this.#invites = new Records(db, events, query, kind)
    this.#users = users
    this.#lifetime = lifetime
  }

  /**
   * Invites somebody, and answers the token to send them; it is kept only as a hash.
   *
   * @throws {EmailTaken} when they are a user. {@link InvitePending} {@link InvalidInput}
   */
  async create(input: CreateInvite): Promise<SentInvite> {
    const [made] = await this.createMany([parse(CreateInvite, input)])
    return made as SentInvite
  }

  /**
   * All of them or none, in four statements whatever their number; answered in order.
   *
   * @throws {EmailTaken} {@link InvitePending} {@link InvalidInput}
   */
  async createMany(inputs: CreateInvites): Promise<SentInvite[]> {
    const data = parse(CreateInvites, inputs)
    if (data.length === 0) return []
    const tokens = data.map(() => newToken())
    const rows = data.map((invite, index) => ({
      ...invite,
      ...this.#kept(tokens[index] as string),
      roles: [...new Set(invite.roles)],
    }))
    return this.#db.transaction(async () => {
      await this.#assertNoUsers(data.map(({ email }) => email))
      const made = await this.#invites.insertMany(rows)
      return made.map((invite, index) => ({ ...invite, token: tokens[index] as string }))
    })
  }

  /**
   * Gives an invite a new token, to be sent, and a new expiry; the old token is void. Expired ones are good again.
   *
   * @throws {NotFound} {@link InviteUsed} {@link EmailTaken} when they have become a user otherwise.
   */
  async resend(id: string): Promise<SentInvite> {
    const token = newToken()
    return this.#db.transaction(async (em) => {
      const waiting = { id, accepted: false, deletedAt: null }
      const changed = await em.nativeUpdate(Invite, waiting, { ...this.#kept(token), updatedAt: new Date() })
      const invite = await this.get(id)
      if (changed === 0) throw new InviteUsed(id)
      await this.#assertNoUsers([invite.email])
      await this.#events.emit(InviteResent, { id })
      return { ...invite, token }
    })
  }

  /**
   * Makes whoever holds the token a user with the e-mail address of the invite, and uses the invite up: all or nothing, and
   * once, however many come with it.
   *
   * @returns the user, and the roles to give them, which this module does not.
   * @throws {InviteInvalid} {@link EmailTaken} {@link InvalidInput} for another e-mail address too: the invite stays good.
   */
  async accept(token: string, input: AcceptInvite = {}): Promise<AcceptedInvite> {
    const { email: said, ...person } = parse(AcceptInvite, input)
    if (!isToken(token)) throw new InviteInvalid()
    return this.#db.transaction(async () => {
      const [invite] = await this.#db.sql<{ id: string; email: string; roles: string[] }>(accept, [hashOf(token)])
      if (invite === undefined) throw new InviteInvalid()
      const { id, email, roles } = invite
      if (said !== null && said !== email) {
        throw new InvalidInput([{ path: ["email"], message: "the e-mail address that was invited" }])
      }
      const user = await this.#users.create({ ...person, email })
      await this.#events.emit(InviteAccepted, { id, userId: user.id, roles })
      return { inviteId: id, user, roles }
    })
  }

  /** Takes an invite back: its token is void, and the e-mail address can be invited anew. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#invites.delete(id)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<InviteView> {
    return this.#invites.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<Readable> } = {}): Promise<Page<InviteView>> {
    return this.#invites.list(options)
  }

  #kept(token: string) {
    const expiresAt = new Date(Date.now() + this.#lifetime * 1_000)
    return { token: redact(token), tokenHash: hashOf(token), expiresAt }
  }

  /** For a clear answer early: who becomes a user in this moment is told so when the invite is accepted. */
  async #assertNoUsers(emails: readonly string[]): Promise<void> {
    const found = await this.#db.sql<{ email: string }>(findUsers, [emails])
    if (found.length > 0) throw new EmailTaken(found.map(({ email }) => email))
  }
}
