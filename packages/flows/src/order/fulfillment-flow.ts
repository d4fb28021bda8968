import {
  manualFulfillmentProvider,
  type CreateFulfillment,
  type FulfillmentProviders,
  type FulfillmentService,
  type ShipFulfillment,
} from "@marquetry/fulfillment"
import type { ReservationService } from "@marquetry/inventory"
import { allDone, newId, type Database, type Links, type Query } from "@marquetry/kernel"
import type { OrderService } from "@marquetry/order"
import { orderFulfillment } from "../links.ts"
import { sendingFacts, type LineFacts, type SendingFacts } from "./fulfillment-facts.ts"
import { countedLines, placeOf, wayOf, type Pieces } from "./fulfillment-place.ts"
import { FulfillmentLocationMissing, ShipmentDiffers } from "./fulfillment.errors.ts"
import { isSame, parcelOf, summed, type PackedParcel } from "./packed-parcel.ts"

export interface FulfillmentFlowServices {
  readonly db: Database
  readonly query: Query
  readonly links: Links
  readonly orders: OrderService
  readonly reservations: ReservationService
  readonly fulfillments: FulfillmentService
  readonly providers: FulfillmentProviders
}

/** Whether the customer hears of it. */
export interface Notice {
  readonly noNotification?: boolean | undefined
}

/** Pieces of an order that are to be sent together. */
export interface NewOrderFulfillment extends Notice, Pick<CreateFulfillment, "deliveryAddress" | "metadata"> {
  /** Lines of the order. */
  readonly items: readonly { readonly id: string; readonly quantity: number }[]
  /** Where they are; that of the shipping option if it holds them, else the first place that does. */
  readonly locationId?: string | null | undefined
  /** The one that the order was placed with, unless said. */
  readonly shippingOptionId?: string | null | undefined
}

/** A fulfillment as the caller describes it. Of items that name a line of the order, pieces and stock are taken. */
export type NewPlainFulfillment = Omit<CreateFulfillment, "id" | "createdBy"> & { readonly orderId: string } & Notice

/** Pieces that are in a fulfillment. */
type Packed = Pick<PackedParcel, "orderId" | "pieces">

export interface NewShipment extends Notice, Pick<ShipFulfillment, "labels" | "metadata"> {
  /** All of the fulfillment, unless said; and what is said has to be all of it. */
  readonly items?: readonly { readonly id: string; readonly quantity: number }[] | undefined
}

/** A fulfillment that is to be written, once the order is held. */
interface Plan {
  readonly orderId: string
  readonly pieces: readonly Pieces[]
  readonly optionId: string | null
  readonly notice: Notice
  /** Whether it was over before it was written down: nothing is taken for it, nobody is told. */
  readonly isOver: boolean
  readonly describe: (facts: SendingFacts) => Omit<CreateFulfillment, "id">
}

/**
 * Sends what was ordered. The order decides how many pieces are open, the stock what has left, the fulfillment's own state
 * whether it can be shipped or canceled: each in the database, in one transaction, so that of many who ask at once one is
 * served, and a piece leaves once. Locks are taken in this order: order, fulfillment, stock.
 *
 * A provider that asks outside is given the parcel after the transaction, and told to forget it before: hold none, or see
 * {@link handOver}. What a crash leaves in between {@link FulfillmentRecovery} makes good.
 */
export class FulfillmentFlow {
  readonly #services: FulfillmentFlowServices

  constructor(services: FulfillmentFlowServices) {
    this.#services = services
  }

  /**
   * Takes pieces of an order, and their stock, and gives them to the provider. Where that refuses them, all is as before.
   * Within a transaction the provider is not asked: call {@link handOver} after it.
   *
   * @param by who does it.
   * @throws {NotFound} {@link WrongOrderStatus} {@link FulfillmentLocationMissing} {@link InvalidInput}
   * @throws {QuantityNotAvailable} more than is open, or no line of this order.
   * @throws {NotReserved} {@link StockMissing} less is held than that, at the place it leaves from.
   */
  async create(orderId: string, input: NewOrderFulfillment, by: string | null): Promise<{ id: string }> {
    const { items, locationId = null, shippingOptionId = null, deliveryAddress, metadata } = input
    const pieces = items.map(({ id, quantity }) => ({ itemId: id, quantity }))
    const describe = (facts: SendingFacts): Omit<CreateFulfillment, "id"> => {
      const { option, data } = wayOf(facts)
      const place = locationId ?? placeOf(facts, pieces, option?.serviceZone.fulfillmentSet.location?.id ?? null)
      if (place === null) throw new FulfillmentLocationMissing(orderId)
      const lines = new Map(facts.lines.map((line) => [line.id, line]))
      return {
        locationId: place,
        providerId: option?.providerId ?? manualFulfillmentProvider.id,
        shippingOptionId: option?.id ?? null,
        deliveryAddress: deliveryAddress ?? facts.address,
        data: data === null ? null : { ...data },
        requiresShipping: facts.lines.some(({ requiresShipping }) => requiresShipping),
        items: summed(pieces).map((part) => itemOf(lines.get(part.itemId) as LineFacts, part.quantity)),
        createdBy: by,
        metadata: metadata ?? null,
      }
    }
    return this.#make({ orderId, pieces, optionId: shippingOptionId, notice: input, isOver: false, describe })
  }

  /**
   * Writes down a fulfillment as it is described, with stamps of what has happened to it already.
   *
   * @throws as {@link create}, and {@link UnknownFulfillmentProvider}
   */
  async createAs(
    { orderId, noNotification, ...input }: NewPlainFulfillment,
    by: string | null,
  ): Promise<{ id: string }> {
    const isOver = (input.canceledAt ?? null) !== null
    const pieces = input.items.flatMap(({ lineItemId, quantity }) =>
      lineItemId === undefined || lineItemId === null ? [] : [{ itemId: lineItemId, quantity: Number(quantity) }],
    )
    const notice = { noNotification }
    const describe = () => ({ ...input, createdBy: by })
    return this.#make({ orderId, pieces, optionId: input.shippingOptionId ?? null, notice, isOver, describe })
  }

  /**
   * Gives a fulfillment that was made in a transaction to its provider, once that is committed. Where it refuses, what was
   * taken is put back, and its error is thrown. Nothing is done where the provider has it already, or asks nobody outside.
   *
   * @throws {NotFound} {@link FulfillmentStateRefused} and what the provider throws.
   */
  async handOver(fulfillmentId: string): Promise<void> {
    const takeBack = () => this.cancel(null, fulfillmentId, { noNotification: true })
    await this.#services.fulfillments.handOver(fulfillmentId, takeBack)
  }

  /**
   * Puts back what a fulfillment has taken, once. The provider is told before; where it refuses, all is as before. A provider
   * that asks outside cannot be told within a transaction: then it is refused.
   *
   * @param orderId `null`: of whichever order it is.
   * @throws {NotFound} {@link FulfillmentStateRefused} once it was shipped.
   */
  async cancel(orderId: string | null, fulfillmentId: string, notice: Notice = {}): Promise<void> {
    const { db, fulfillments, orders, reservations, query } = this.#services
    const parcel = await parcelOf(query, orderId, fulfillmentId)
    if (!db.inTransaction) await fulfillments.withdraw(fulfillmentId)
    await this.#whileHeld(parcel, async () => {
      await fulfillments.cancel(fulfillmentId)
      if (parcel.orderId === null || parcel.pieces.length === 0) return
      await orders.cancelFulfillment(parcel.orderId, [...parcel.pieces], aboutOf(fulfillmentId, notice))
      await reservations.restock(parcel.stock)
    })
  }

  /**
   * Holds the order that a fulfillment is of, if it is of one, to the end of the transaction: for those who are about to hold
   * the fulfillment.
   *
   * @throws {NotFound}
   */
  async holdOrderOf(fulfillmentId: string): Promise<void> {
    const { query, orders } = this.#services
    const { orderId } = await parcelOf(query, null, fulfillmentId)
    if (orderId !== null) await orders.hold(orderId)
  }

  /**
   * {@link cancel}, in a transaction, where the provider asks nobody outside; where it does, only what can be refused at once.
   *
   * @returns whether {@link cancel} is still to be called, after the transaction.
   * @throws as {@link cancel}
   */
  async prepareCancel(orderId: string | null, fulfillmentId: string, notice: Notice = {}): Promise<boolean> {
    const { providers, query } = this.#services
    const { providerId } = await parcelOf(query, orderId, fulfillmentId)
    const isLater = providers.get(providerId).asksOutside
    if (!isLater) await this.cancel(orderId, fulfillmentId, notice)
    return isLater
  }

  /**
   * Writes down that a fulfillment was handed to a carrier, once.
   *
   * @param orderId `null`: of whichever order it is.
   * @throws {NotFound} {@link ShipmentDiffers} {@link FulfillmentStateRefused} {@link InvalidInput}
   */
  async ship(orderId: string | null, fulfillmentId: string, input: NewShipment, by: string | null): Promise<void> {
    const { fulfillments, orders, query } = this.#services
    const parcel = await parcelOf(query, orderId, fulfillmentId)
    const named = (input.items ?? []).map(({ id, quantity }) => ({ itemId: id, quantity }))
    if (named.length > 0 && !isSame(named, parcel.pieces)) throw new ShipmentDiffers(fulfillmentId, parcel.pieces)
    await this.#whileHeld(parcel, async () => {
      await fulfillments.ship(fulfillmentId, { labels: input.labels, metadata: input.metadata, markedShippedBy: by })
      if (parcel.orderId === null || parcel.pieces.length === 0) return
      await orders.registerShipment(parcel.orderId, [...parcel.pieces], aboutOf(fulfillmentId, input))
    })
  }

  /**
   * Writes down that a fulfillment has reached the customer, once. What is fetched need not have been shipped.
   *
   * @param orderId `null`: of whichever order it is.
   * @throws {NotFound} {@link FulfillmentStateRefused}
   */
  async deliver(orderId: string | null, fulfillmentId: string, notice: Notice = {}): Promise<void> {
    const { fulfillments, query } = this.#services
    const parcel = await parcelOf(query, orderId, fulfillmentId)
    await this.#whileHeld(parcel, async () => {
      const { shippedAt } = await fulfillments.deliver(fulfillmentId)
      await this.#arrive(parcel, { fulfillmentId, isShipped: shippedAt !== null, notice })
    })
  }

  /** The order before the fulfillment, as when it is made. */
  async #whileHeld({ orderId }: PackedParcel, work: () => Promise<void>): Promise<void> {
    const { db, orders } = this.#services
    await db.transaction(async () => {
      if (orderId !== null) await orders.hold(orderId)
      await work()
    })
  }

  async #make({ orderId, pieces, optionId, notice, isOver, describe }: Plan): Promise<{ id: string }> {
    const { db, query, orders, links, providers } = this.#services
    const id = newId("ful")
    const taken = isOver ? [] : pieces
    const made = await db.transaction(async () => {
      const ids = pieces.map(({ itemId }) => itemId)
      const [, facts] = await allDone([
        taken.length === 0 ? undefined : orders.registerFulfillment(orderId, [...taken], aboutOf(id, notice)),
        // Sent after it, and so read once the order is held: others who send something of it are done.
        sendingFacts(query, orderId, ids, optionId),
      ])
      const described = describe(facts)
      const lines = isOver ? [] : countedLines(facts)
      const counted = new Set(lines.map((line) => line.id))
      await allDone([
        this.#takeStock(taken, lines, described.locationId),
        this.#write({ ...described, id, items: withStock(described.items, facts, counted) }),
        links.add(orderFulfillment, [[orderId, id]]),
      ])
      await this.#stamp(described, { orderId, pieces: taken }, id)
      return described
    })
    const isOpen = !isOver && isUnstamped(made)
    if (isOpen && providers.get(made.providerId).asksOutside && !db.inTransaction) await this.handOver(id)
    return { id }
  }

  async #takeStock(pieces: readonly Pieces[], counted: readonly LineFacts[], locationId: string): Promise<void> {
    const lines = new Map(counted.map((line) => [line.id, line]))
    await this.#services.reservations.fulfil(
      summed(pieces).flatMap(({ itemId: lineItemId, quantity }) => {
        const line = lines.get(lineItemId)
        if (line === undefined) return []
        const inventoryItemIds = (line.variant?.inventoryItems ?? []).map(({ inventoryId }) => inventoryId)
        return [{ lineItemId, quantity, locationId, inventoryItemIds }]
      }),
    )
  }

  async #write(input: CreateFulfillment): Promise<void> {
    await this.#services.fulfillments.create(input)
  }

  /** What has happened to it already, the order hears too. */
  async #stamp({ shippedAt, deliveredAt }: Partial<CreateFulfillment>, parcel: Packed, id: string) {
    const { orders } = this.#services
    const isShipped = (shippedAt ?? null) !== null
    const about = aboutOf(id, { noNotification: true })
    if (parcel.orderId === null || parcel.pieces.length === 0) return
    if (isShipped) await orders.registerShipment(parcel.orderId, [...parcel.pieces], about)
    if ((deliveredAt ?? null) === null) return
    await this.#arrive(parcel, { fulfillmentId: id, isShipped, notice: about })
  }

  async #arrive(
    { orderId, pieces }: Packed,
    { fulfillmentId, isShipped, notice }: { fulfillmentId: string; isShipped: boolean; notice: Notice },
  ): Promise<void> {
    const { orders } = this.#services
    if (orderId === null || pieces.length === 0) return
    // Pieces arrive after they have left: what was fetched has done both at once, and the customer hears of one.
    if (!isShipped)
      await orders.registerShipment(orderId, [...pieces], aboutOf(fulfillmentId, { noNotification: true }))
    await orders.registerDelivery(orderId, [...pieces], aboutOf(fulfillmentId, notice))
  }
}

const aboutOf = (fulfillmentId: string, { noNotification }: Notice) => ({
  fulfillmentId,
  noNotification: noNotification === true,
})

const isUnstamped = ({ shippedAt, deliveredAt }: Partial<CreateFulfillment>) =>
  (shippedAt ?? deliveredAt ?? null) === null

const itemOf = (line: LineFacts, quantity: number): CreateFulfillment["items"][number] => ({
  title: line.title.trim() === "" ? line.id : line.title,
  sku: line.variantSku,
  barcode: line.variantBarcode,
  quantity,
  lineItemId: line.id,
})

/**
 * Items say what was taken from stock: of a line whose stock is counted, the inventory item that it is made of, of a kit the
 * first one. Where there is none, nothing is put back when it is canceled.
 */
function withStock(
  items: CreateFulfillment["items"],
  { held }: SendingFacts,
  counted: ReadonlySet<string>,
): CreateFulfillment["items"] {
  const firsts = new Map<string, string>()
  for (const { lineItemId, inventoryItemId } of held) {
    const first = firsts.get(lineItemId)
    if (first === undefined || inventoryItemId < first) firsts.set(lineItemId, inventoryItemId)
  }
  return items.map((item) => {
    const lineId = item.lineItemId ?? null
    if (lineId === null) return item
    return { ...item, inventoryItemId: counted.has(lineId) ? (firsts.get(lineId) ?? null) : null }
  })
}
