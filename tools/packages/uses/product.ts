import { startProduct } from "@marquetry/product"

async function main(): Promise<void> {
  const catalogue = await startProduct({ database: process.env["DATABASE_URL"] })
  await catalogue.migrate()
  const shirt = await catalogue.products.create({
    title: "Shirt",
    options: [{ title: "Size", values: ["S", "M"] }],
    variants: [
      { sku: "SHIRT-S", options: { Size: "S" } },
      { sku: "SHIRT-M", options: { Size: "M" } },
    ],
  })
  const skus: (string | null)[] = shirt.variants.map(({ sku }) => sku)
  await catalogue.close()
  if (skus.join() !== "SHIRT-S,SHIRT-M") throw new Error(skus.join())
  console.log("ok")
}

void main()
