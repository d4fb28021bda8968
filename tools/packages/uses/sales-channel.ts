import { startSalesChannel } from "@marquetry/sales-channel"

async function main(): Promise<void> {
  const { salesChannels, migrate, close } = await startSalesChannel({ database: process.env["DATABASE_URL"] })
  await migrate()
  await salesChannels.createMany([{ name: "Web shop" }, { name: "App", isDisabled: true }])
  const { rows } = await salesChannels.list({ filter: { isDisabled: true } })
  const names: string[] = rows.map(({ name }) => name)
  await close()
  if (names.join() !== "App") throw new Error(names.join())
  console.log("ok")
}

void main()
