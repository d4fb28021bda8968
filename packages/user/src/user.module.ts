import {
  Database,
  defineModule,
  Events,
  parse,
  Query,
  start,
  type ModuleDefinition,
  type Started,
  type StartOptions,
} from "@marquetry/kernel"
import { z } from "zod"
import { Invite } from "./invite/invite.entity.ts"
import { inviteResource } from "./invite/invite.resources.ts"
import { InviteService } from "./invite/invite.service.ts"
import { CreateUserTables } from "./migrations/20261126174413_create-users.ts"
import { User } from "./user/user.entity.ts"
import { userResource } from "./user/user.resources.ts"
import { UserService } from "./user/user.service.ts"

const Options = z.strictObject({
  /** Seconds that an invite can be accepted; a week unless said. */
  inviteLifetime: z.int().min(60).max(31_536_000).default(604_800),
})

/** How a shop configures users. */
export type UserOptions = z.input<typeof Options>

/** Users and invites, as a shop wants them. @throws {InvalidInput} */
export function userModule(options: UserOptions = {}): ModuleDefinition {
  const { inviteLifetime } = parse(Options, options)
  return defineModule({
    name: "user",
    entities: [User, Invite],
    migrations: [CreateUserTables],
    resources: [userResource, inviteResource],
    services: [UserService],
    register(container) {
      container.register(InviteService, {
        useFactory: (c) =>
          new InviteService(
            c.resolve(Database),
            c.resolve(Events),
            c.resolve(Query),
            c.resolve(UserService),
            inviteLifetime,
          ),
      })
    },
  })
}

/** Runs users and invites alone, on your database or an embedded one. */
export async function startUser({ inviteLifetime, ...options }: UserOptions & StartOptions = {}): Promise<
  Started<{ users: UserService; invites: InviteService }>
> {
  return start(userModule({ inviteLifetime }), options, (container) => ({
    users: container.resolve(UserService),
    invites: container.resolve(InviteService),
  }))
}
