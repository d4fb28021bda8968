import { startPricing } from "@marquetry/pricing"

async function main(): Promise<void> {
  const { priceSets, calculator, migrate, close } = await startPricing({ database: process.env["DATABASE_URL"] })
  await migrate()
  const { id } = await priceSets.create({
    prices: [
      { currencyCode: "eur", amount: "19.90" },
      { currencyCode: "eur", amount: "17.50", minQuantity: 10 },
    ],
  })
  const [price] = await calculator.calculate([{ priceSetId: id, quantity: 10 }], { currencyCode: "eur" })
  await close()
  const amount: string | undefined = price?.calculatedAmount
  if (amount !== "17.5") throw new Error(amount)
  console.log("ok")
}

void main()
