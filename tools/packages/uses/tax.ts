import { startTax, TaxRegionTaken, type TaxLine } from "@marquetry/tax"

async function main(): Promise<void> {
  const { taxRegions, calculator, migrate, close } = await startTax({ database: process.env["DATABASE_URL"] })
  await migrate()
  const germany = { countryCode: "de", defaultTaxRate: { name: "VAT", code: "VAT", rate: 19 } }
  await taxRegions.create(germany)
  const refusal: unknown = await taxRegions.create(germany).catch((error) => error)
  const { items } = await calculator.taxLines({
    address: { countryCode: "DE" },
    currencyCode: "eur",
    items: [{ id: "one", productId: null, productTypeId: null, quantity: 1, unitPrice: "9.99" }],
  })
  await close()
  const line: TaxLine | undefined = items.get("one")?.[0]
  if (line?.rate !== "19" || !(refusal instanceof TaxRegionTaken)) throw new Error(line?.rate)
  console.log("ok")
}

void main()
