import type { Database } from "@marquetry/kernel"
import type { SalesChannelService } from "@marquetry/sales-channel"
import type { StoreFlow } from "./store-flow.ts"

/** Sales channels with the stores whose default they are. */
export class SalesChannelFlow {
  readonly #db: Database
  readonly #channels: SalesChannelService
  readonly #stores: StoreFlow

  constructor(db: Database, channels: SalesChannelService, stores: StoreFlow) {
    this.#db = db
    this.#channels = channels
    this.#stores = stores
  }

  /** Deletes a channel, and takes it from stores whose default it is. Carts and orders that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#channels.delete(id)
      await this.#stores.dropDefault("defaultSalesChannelId", id)
    })
  }
}
