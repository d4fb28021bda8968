import { randomBytes } from "node:crypto"
import { ConfigurationInvalid, type Command } from "@marquetry/framework"
import { Database, type DependencyContainer } from "@marquetry/kernel"
import { UserService, type UserView } from "@marquetry/user"
import { createUser, type Credentials } from "./create-user.ts"

/** A password that nobody has thought of: 144 random bits. */
export const newPassword = (): string => randomBytes(18).toString("base64url")

/**
 * Makes a user who may do everything, where there is none yet: of several processes that start at once, one does.
 *
 * @returns `undefined` when there is a user already.
 * @throws as {@link createUser} does.
 */
export async function ensureFirstUser(
  container: DependencyContainer,
  credentials: Credentials,
): Promise<UserView | undefined> {
  const db = container.resolve(Database)
  return db.transaction(async () => {
    await db.run("select pg_advisory_xact_lock(hashtextextended('marquetry.api.first_user', 0))")
    const { rows } = await container.resolve(UserService).list({ limit: 1, count: false })
    return rows.length > 0 ? undefined : createUser(container, credentials)
  })
}

/** `user:create --email ada@shop.example`. @param password of whom none is said of. */
export const userCommand = (password: string | undefined): Command => ({
  name: "user:create",
  summary: "Makes a user of the back office, who may do everything",
  options: {
    email: "the address that they log in with",
    password: "the one that they log in with; ADMIN_PASSWORD unless said, else one that is made up, and printed once",
  },
  run: async (container, { options, rest }) => {
    const email = options["email"]?.at(-1)
    const faults = rest.map((argument) => `${argument}: belongs to no option`)
    if (email === undefined) faults.unshift("--email: must be said")
    if (email === undefined || faults.length > 0) throw new ConfigurationInvalid(faults)
    const given = options["password"]?.at(-1) ?? password
    const credentials = { email, password: given ?? newPassword() }
    const user = await createUser(container, credentials)
    const secret = given === undefined ? ` with the password ${credentials.password}` : ""
    process.stdout.write(`${user.email} is a user now, who logs in${secret}\n`)
  },
})
