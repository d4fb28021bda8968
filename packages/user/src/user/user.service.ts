import {
  parse,
  Records,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { User } from "./user.entity.ts"
import { EmailTaken } from "./user.errors.ts"
import { UserCreated, UserDeleted, UserUpdated } from "./user.events.ts"
import { userResource } from "./user.resources.ts"
import { CreateUser, CreateUsers, Email, UpdateUser } from "./user.schema.ts"

const view = { "*": true } as const

export type UserView = Selected<User, typeof view>

const kind = {
  entity: User,
  resource: userResource,
  fields: view,
  created: UserCreated,
  updated: UserUpdated,
  deleted: UserDeleted,
  refuse: (users: readonly { email?: string }[]) =>
    rethrowConstraint({ user_email_unique: () => new EmailTaken(users.flatMap(({ email }) => email ?? [])) }),
}

/** Whoever works in the shop's back office. */
export class UserService {
  readonly #users

  constructor(db: Database, events: Events, query: Query) {
    this.#users = new Records(db, events, query, kind)
  }

  /** Makes a user without an invite: the first one, or one whom somebody else has let in. @throws {EmailTaken} {@link InvalidInput} */
  async create(input: CreateUser): Promise<UserView> {
    return this.#users.insert(parse(CreateUser, input))
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {EmailTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateUsers): Promise<UserView[]> {
    return this.#users.insertMany(parse(CreateUsers, inputs))
  }

  /** @throws {NotFound} {@link InvalidInput} for an e-mail address too, which stays as it is. */
  async update(id: string, input: UpdateUser): Promise<UserView> {
    return this.#users.update(id, parse(UpdateUser, input))
  }

  /** Deletes a user; the e-mail address is free for others. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#users.delete(id)
  }

  async find(id: string): Promise<UserView | null> {
    return this.#users.find({ id })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<UserView> {
    return this.#users.get(id)
  }

  /** The user with that e-mail address, however its letters are written, or `null`. @throws {InvalidInput} when it is none. */
  async findByEmail(email: string): Promise<UserView | null> {
    return this.#users.find({ email: parse(Email, email) })
  }

  async list(options: ListOptions & { filter?: Filter<User> } = {}): Promise<Page<UserView>> {
    return this.#users.list(options)
  }
}
