import { ensureFirstUser, newPassword } from "@marquetry/api"
import type { Composition } from "@marquetry/kernel"

/** Who runs the demo shop. */
const EMAIL = "admin@burl-and-banding.example"

/**
 * Makes a user for the back office of the demo shop, where there is none yet.
 *
 * @returns a line with the password, which is kept nowhere else; `undefined` when there is a user already.
 */
export async function ensureDemoUser({ container }: Composition): Promise<string | undefined> {
  const password = newPassword()
  const user = await ensureFirstUser(container, { email: EMAIL, password })
  if (user === undefined) return undefined
  return `Back office: ${EMAIL} logs in with the password ${password}, which is shown this once`
}
