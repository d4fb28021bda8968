import { defineResource } from "@marquetry/kernel"
import { SalesChannel } from "./sales-channel.entity.ts"

export const salesChannelResource = defineResource("sales_channel", SalesChannel, { search: ["name", "description"] })
