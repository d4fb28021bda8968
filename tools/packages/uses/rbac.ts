import { isAllowed, LastRole, startRbac, type RoleView } from "@marquetry/rbac"

async function main(): Promise<void> {
  const { roles, access, migrate, close } = await startRbac({ database: process.env["DATABASE_URL"] })
  await migrate()
  const reader: RoleView = await roles.create({ name: "Reader", permissions: ["*:read"] })
  const ada = { actorType: "user", actorId: "user_1" }
  await access.assign(ada, [reader.id])
  const permissions = await access.permissionsOf("user", "user_1")
  const refusal: unknown = await access.remove(ada, [reader.id]).catch((e) => e)
  await close()
  if (!isAllowed(permissions, "order:read") || isAllowed(permissions, "order:cancel") || !(refusal instanceof LastRole))
    throw new Error(JSON.stringify([permissions, refusal]))
  console.log("ok")
}

void main()
