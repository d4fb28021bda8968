import type { BackOffice, Json } from "./back-office.ts"

/** Whom a token names. */
export function actorOf(token: string): string {
  const [, claims = ""] = token.split(".")
  return (JSON.parse(Buffer.from(claims, "base64url").toString()) as { actor_id: string }).actor_id
}

/** Somebody of the tests, who can log in. */
export const credentialsOf = (email: string) => ({ email, password: "correct horse battery" })

/** The token of somebody who has registered, and is nobody here yet. */
export async function register({ post }: BackOffice, email: string): Promise<string> {
  const { body } = await post("/auth/user/emailpass/register", credentialsOf(email), { token: null })
  return body["token"] as string
}

/** Invites somebody. @returns the invite as it is answered, token and all. */
export async function invite({ post }: BackOffice, email: string, roles?: readonly string[], token?: string) {
  const body = { email, ...(roles && { roles }) }
  const answer = await post("/admin/invites", body, token === undefined ? {} : { token })
  return answer.body["invite"] as Json & { id: string; token: string }
}

/** Has somebody who was invited become a user. @returns the token that they log in with, and their id. */
export async function join(office: BackOffice, email: string, roles?: readonly string[]) {
  const { token } = await invite(office, email, roles)
  const registration = await register(office, email)
  const answer = await office.post(`/admin/invites/accept?token=${token}`, {}, { token: registration })
  const { id } = answer.body["user"] as { id: string }
  return { id, token: await office.login(credentialsOf(email)) }
}
