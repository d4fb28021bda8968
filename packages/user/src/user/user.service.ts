import {
  NotFound,
  parse,
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

/** Whoever works in the shop's back office. */
export class UserService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** Makes a user without an invite: the first one, or one whom somebody else has let in. @throws {EmailTaken} {@link InvalidInput} */
  async create(input: CreateUser): Promise<UserView> {
    const [made] = await this.createMany([parse(CreateUser, input)])
    return made as UserView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {EmailTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateUsers): Promise<UserView[]> {
    const data = parse(CreateUsers, inputs)
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db.insertRows(User, data).catch(taken(data.map(({ email }) => email)))
      await this.#events.emitMany(
        UserCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** @throws {NotFound} {@link InvalidInput} for an e-mail address too, which stays as it is. */
  async update(id: string, input: UpdateUser): Promise<UserView> {
    const data = parse(UpdateUser, input)
    return this.#db.transaction(async (em) => {
      const changed = await em.nativeUpdate(User, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
      if (changed === 0) throw new NotFound("User", id)
      await this.#events.emit(UserUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes a user; the e-mail address is free for others. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(User, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("User", id)
      await this.#events.emit(UserDeleted, { id })
    })
  }

  async find(id: string): Promise<UserView | null> {
    return this.#query.find(userResource, { fields: view, filter: { id } })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<UserView> {
    return this.#query.get(userResource, id, { fields: view })
  }

  /** The user with that e-mail address, however its letters are written, or `null`. @throws {InvalidInput} when it is none. */
  async findByEmail(email: string): Promise<UserView | null> {
    return this.#query.find(userResource, { fields: view, filter: { email: parse(Email, email) } })
  }

  async list(options: ListOptions & { filter?: Filter<User> } = {}): Promise<Page<UserView>> {
    return this.#query.list(userResource, { ...options, fields: view })
  }
}

const taken = (emails: string[]) => rethrowConstraint({ user_email_unique: () => new EmailTaken(emails) })
