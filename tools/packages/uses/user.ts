import { InviteInvalid, startUser, type SentInvite, type UserView } from "@marquetry/user"

async function main(): Promise<void> {
  const { users, invites, migrate, close } = await startUser({ database: process.env["DATABASE_URL"] })
  await migrate()
  const invite: SentInvite = await invites.create({ email: "Ada@example.com", roles: ["role_editor"] })
  const { user, roles } = await invites.accept(invite.token, { firstName: "Ada" })
  const found: UserView | null = await users.findByEmail("ada@example.com")
  const refusal: unknown = await invites.accept(invite.token).catch((e) => e)
  await close()
  if (found?.id !== user.id || roles.join() !== "role_editor" || !(refusal instanceof InviteInvalid))
    throw new Error(JSON.stringify([found, roles, refusal]))
  console.log("ok")
}

void main()
