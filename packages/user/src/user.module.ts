import { Database, defineModule, Events, Query, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CreateUserTable } from "./migrations/20261126174413_create-users.ts"
import { User } from "./user/user.entity.ts"
import { userResource } from "./user/user.resources.ts"
import { UserService } from "./user/user.service.ts"

export const userModule = defineModule({
  name: "user",
  entities: [User],
  migrations: [CreateUserTable],
  resources: [userResource],
  register(container) {
    container.register(UserService, {
      useFactory: (c) => new UserService(c.resolve(Database), c.resolve(Events), c.resolve(Query)),
    })
  },
})

/** Runs users alone, on your database or an embedded one. */
export function startUser(options: StartOptions = {}): Promise<Started<{ users: UserService }>> {
  return start(userModule, options, (container) => ({ users: container.resolve(UserService) }))
}
