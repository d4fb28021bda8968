import { AuthService, IdentityService } from "@marquetry/auth"
import { Database, type DependencyContainer } from "@marquetry/kernel"
import { UserService, type UserView } from "@marquetry/user"

/** How somebody logs in. */
export interface Credentials {
  readonly email: string
  readonly password: string
}

/**
 * Makes a user who logs in by e-mail and password, and may do everything: identity and user together, or neither.
 *
 * @throws {EmailTaken} {@link InvalidInput}
 * @throws {IdentityExists} when somebody has registered with that address, be it as a customer: only they know the password.
 */
export async function createUser(container: DependencyContainer, credentials: Credentials): Promise<UserView> {
  const { email, password } = credentials
  return container.resolve(Database).transaction(async () => {
    const { claims } = await container.resolve(AuthService).register("user", "emailpass", { email, password })
    const user = await container.resolve(UserService).create({ email })
    await container.resolve(IdentityService).attachActor(claims.authIdentityId, "user", user.id)
    return user
  })
}
