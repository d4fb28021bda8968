import { apiKeyModule } from "@marquetry/api-key"
import { commerceLinks, productSalesChannel } from "@marquetry/flows"
import { compose, Links } from "@marquetry/kernel"
import { pricingModule } from "@marquetry/pricing"
import { productModule, productResource, ProductService } from "@marquetry/product"
import { SalesChannelService, salesChannelModule } from "@marquetry/sales-channel"

async function main(): Promise<void> {
  const { container, query, migrate, close } = await compose({
    database: process.env["DATABASE_URL"],
    modules: [apiKeyModule, pricingModule, productModule, salesChannelModule],
    links: commerceLinks,
  })
  await migrate()
  const channel = await container.resolve(SalesChannelService).create({ name: "Web shop" })
  const shirt = await container.resolve(ProductService).create({ title: "Shirt" })
  await container.resolve(Links).add(productSalesChannel, [[shirt.id, channel.id]])
  const { salesChannels } = await query.get(productResource, shirt.id, { fields: { salesChannels: { id: true } } })
  await close()
  const ids: string[] = salesChannels.map(({ id }) => id)
  if (ids.join() !== channel.id) throw new Error(ids.join())
  console.log("ok")
}

void main()
