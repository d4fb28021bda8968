export { salesChannelModule, startSalesChannel } from "./sales-channel.module.ts"
export {
  SalesChannelCreated,
  SalesChannelDeleted,
  SalesChannelRestored,
  SalesChannelUpdated,
} from "./sales-channel/sales-channel.events.ts"
export { salesChannelResource } from "./sales-channel/sales-channel.resources.ts"
export { CreateSalesChannel, CreateSalesChannels, UpdateSalesChannel } from "./sales-channel/sales-channel.schema.ts"
export { SalesChannelService, type SalesChannelView } from "./sales-channel/sales-channel.service.ts"
