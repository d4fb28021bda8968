import { startApiKey } from "@marquetry/api-key"

async function main(): Promise<void> {
  const { apiKeys, migrate, close } = await startApiKey({ database: process.env["DATABASE_URL"] })
  await migrate()
  const { token } = await apiKeys.create({ title: "ERP", type: "secret" })
  const key = await apiKeys.authenticate(token)
  await close()
  const title: string | undefined = key?.title
  if (title !== "ERP") throw new Error(title)
  console.log("ok")
}

void main()
