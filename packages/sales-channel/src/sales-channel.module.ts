import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CreateSalesChannelTable } from "./migrations/20261101000000_create-sales-channels.ts"
import { SalesChannel } from "./sales-channel/sales-channel.entity.ts"
import { salesChannelResource } from "./sales-channel/sales-channel.resources.ts"
import { SalesChannelService } from "./sales-channel/sales-channel.service.ts"

export const salesChannelModule = defineModule({
  name: "sales_channel",
  entities: [SalesChannel],
  migrations: [CreateSalesChannelTable],
  resources: [salesChannelResource],
  services: [SalesChannelService],
})

/** Runs sales channels alone, on your database or an embedded one. */
export function startSalesChannel(
  options: StartOptions = {},
): Promise<Started<{ salesChannels: SalesChannelService }>> {
  return start(salesChannelModule, options, (container) => ({ salesChannels: container.resolve(SalesChannelService) }))
}
