import { startStore } from "@marquetry/store"

async function main(): Promise<void> {
  const { stores, migrate, close } = await startStore({ database: process.env["DATABASE_URL"] })
  await migrate()
  await stores.ensure({ name: "Veneer & Sons", supportedCurrencies: [{ currencyCode: "eur", isDefault: true }] })
  const { name, supportedCurrencies } = await stores.getDefault()
  const code: string | undefined = supportedCurrencies[0]?.currencyCode
  await close()
  if (name !== "Veneer & Sons" || code !== "eur") throw new Error(name)
  console.log("ok")
}

void main()
