import {
  parse,
  Records,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { z } from "zod"
import { StockLocation, StockLocationAddress } from "./stock-location.entity.ts"
import { StockLocationCreated, StockLocationDeleted, StockLocationUpdated } from "./stock-location.events.ts"
import { stockLocationResource } from "./stock-location.resources.ts"
import {
  CreateStockLocation,
  CreateStockLocations,
  UpdateStockLocation,
  type StockLocationAddressInput,
} from "./stock-location.schema.ts"

const view = { "*": true, address: true } as const

/** A stock location with its address. */
export type StockLocationView = Selected<StockLocation, typeof view>

const kind = {
  entity: StockLocation,
  resource: stockLocationResource,
  fields: view,
  created: StockLocationCreated,
  updated: StockLocationUpdated,
  deleted: StockLocationDeleted,
}

/** Where goods are kept. */
export class StockLocationService {
  readonly #db: Database
  readonly #locations

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#locations = new Records(db, events, query, kind)
  }

  /** @throws {InvalidInput} */
  async create(input: CreateStockLocation): Promise<StockLocationView> {
    const [made] = await this.createMany([parse(CreateStockLocation, input)])
    return made as StockLocationView
  }

  /** All of them or none, in four statements whatever their number; answered in order. @throws {InvalidInput} */
  async createMany(inputs: CreateStockLocations): Promise<StockLocationView[]> {
    const locations = parse(CreateStockLocations, inputs)
    if (locations.length === 0) return []
    return this.#db.transaction(async () => {
      const addresses = locations.flatMap(({ address }) => (address === null ? [] : [address]))
      const addressIds = (await this.#db.insertRows(StockLocationAddress, addresses)).values()
      const rows = locations.map(({ address, ...fields }) => {
        return { ...fields, address: address === null ? null : (addressIds.next().value as string) }
      })
      return this.#locations.insertMany(rows)
    })
  }

  /** Changes what is named. An address is replaced as a whole, and keeps its id. @throws {NotFound} {@link InvalidInput} */
  async update(id: string, input: UpdateStockLocation): Promise<StockLocationView> {
    const { address, ...fields } = parse(UpdateStockLocation, input)
    return this.#locations.update(id, fields, async () => {
      if (address === null) await this.#clearAddress(id)
      if (address) await this.#setAddress(id, address)
    })
  }

  /** Deletes a location with its address. Whoever keeps its id is told by the event. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#locations.delete(id, () =>
      this.#db.run(
        `update "stock_location"."stock_location_address" address set deleted_at = $2::timestamptz
         from "stock_location"."stock_location" location where location.id = $1 and address.id = location.address_id`,
        [id, new Date().toISOString()],
      ),
    )
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<StockLocationView> {
    return this.#locations.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<StockLocation> } = {}): Promise<Page<StockLocationView>> {
    return this.#locations.list(options)
  }

  async #setAddress(id: string, address: z.output<typeof StockLocationAddressInput>): Promise<void> {
    const [location] = await this.#db.sql<{ address_id: string | null }>(
      `select address_id from "stock_location"."stock_location" where id = $1`,
      [id],
    )
    const current = location?.address_id ?? null
    if (current !== null) {
      await this.#db.updateRows(StockLocationAddress, [{ ...address, id: current }])
      return
    }
    const [made] = await this.#db.insertRows(StockLocationAddress, [address])
    await this.#db.run(`update "stock_location"."stock_location" set address_id = $2 where id = $1`, [id, made])
  }

  async #clearAddress(id: string): Promise<void> {
    await this.#db.run(
      `delete from "stock_location"."stock_location_address" address
       using "stock_location"."stock_location" location where location.id = $1 and address.id = location.address_id`,
      [id],
    )
  }
}
