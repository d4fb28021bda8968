import { startCurrency } from "@marquetry/currency"

async function main(): Promise<void> {
  const { currencies, migrate, close } = await startCurrency({ database: process.env["DATABASE_URL"] })
  await migrate()
  const yen = await currencies.get("JPY")
  await close()
  const digits: number = yen.decimalDigits
  if (digits !== 0) throw new Error(String(digits))
  console.log("ok")
}

void main()
