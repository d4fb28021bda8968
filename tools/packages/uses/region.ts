import { CountryTaken, startRegion, type RegionView } from "@marquetry/region"

async function main(): Promise<void> {
  const { regions, migrate, close } = await startRegion({ database: process.env["DATABASE_URL"] })
  await migrate()
  const nordics: RegionView = await regions.create({ name: "Nordics", currencyCode: "sek", countries: ["se", "no"] })
  const names: string[] = nordics.countries.map(({ displayName }) => displayName)
  const refusal: unknown = await regions
    .create({ name: "Second", currencyCode: "eur", countries: ["se"] })
    .catch((e) => e)
  await close()
  if (names.join() !== "Norway,Sweden" || !(refusal instanceof CountryTaken)) throw new Error(names.join())
  console.log("ok")
}

void main()
