import {
  BuyerRegion,
  calculatedPrice,
  inventoryQuantity,
  locationIdsOfStorefront,
  storefrontLocations,
  type Buyer,
  type Destination,
  type PriceRegion,
} from "@marquetry/flows"
import type { Preparation, Reading } from "@marquetry/http"
import { QueryInvalid, type AnySelection, type NamedRead } from "@marquetry/kernel"
import { ownedBy } from "./carts/cart-reads.ts"
import type { Visitor } from "./shopper.guard.ts"
import { visibleTo } from "./visibility.ts"

type Rows = readonly Record<string, unknown>[]

/** Something that prices or stock depend on: read beside the products, and told to their computed fields. */
interface Circumstance {
  readonly read: NamedRead
  /** @param buyer to be written to. */
  readonly tell: (rows: Rows, buyer: Partial<Writable<Buyer>>) => void
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** What a shopper sees of products: prices of their region, groups and country, stock of the storefront's places. */
export function forShopper(reading: Reading<Visitor>): Preparation {
  const { storefront } = reading.identity
  const visible = visibleTo({ ...reading, identity: storefront })
  const isPriced = mentions(reading.fields, calculatedPrice.name)
  const circumstances = isPriced ? circumstancesOf(reading) : []
  const destination = isPriced ? destinationOf(reading) : undefined
  const stock = mentions(reading.fields, inventoryQuantity.name) ? [storefrontLocations(storefront)] : []
  if (circumstances.length + stock.length === 0 && destination === undefined) return visible
  return {
    ...visible,
    beside: [...visible.beside, ...circumstances.map(({ read }) => read), ...stock],
    settle: async (rows) => {
      await visible.settle(rows)
      const buyer: Partial<Writable<Buyer>> = {}
      const found = rows.slice(visible.beside.length)
      for (const { tell } of circumstances) tell(found.shift() ?? [], buyer)
      if (destination !== undefined) buyer.destination = destination
      return { buyer, locationIds: locationIdsOfStorefront(found[0] ?? []) }
    },
  }
}

/** In order of precedence, the last one first: a region that is named is meant, whatever the cart says. */
function circumstancesOf({ query, identity, resolve }: Reading<Visitor>): Circumstance[] {
  const { region_id: regionId, cart_id: cartId } = query as { region_id?: string; cart_id?: string }
  return [
    ...(cartId === undefined ? [] : [ofCart(cartId, identity)]),
    ...(regionId === undefined ? [] : [ofRegion(regionId, resolve<BuyerRegion>(BuyerRegion))]),
    ...(regionId === undefined && cartId === undefined ? [ofStore()] : []),
    ...(identity.customerId === null ? [] : [ofCustomer(identity.customerId)]),
  ]
}

/** The country that a request names, for showing prices with its taxes. */
function destinationOf({ query }: Reading<Visitor>): Destination | undefined {
  const { country_code: countryCode, province } = query as { country_code?: string; province?: string }
  return countryCode === undefined ? undefined : { countryCode: countryCode.toLowerCase(), province }
}

function ofRegion(regionId: string, regions: BuyerRegion): Circumstance {
  return {
    read: regions.read(regionId),
    tell: (rows, buyer) => {
      buyer.region = regions.settle(regionId, rows)
    },
  }
}

const regionFields = { id: true, currencyCode: true, automaticTaxes: true } as const
const cartFields = { region: regionFields, shippingAddress: { countryCode: true, province: true } } as const
const storeFields = { defaultRegion: regionFields } as const

function tellRegion(row: unknown, buyer: Partial<Writable<Buyer>>): void {
  if (row === null || row === undefined) return
  const { id: regionId, ...region } = row as { id: string } & Omit<PriceRegion, "regionId">
  buyer.region = { regionId, ...region }
}

/** The store's default region: of those who say nothing. */
const ofStore = (): Circumstance => ({
  read: { resource: "store", read: { fields: storeFields, order: { createdAt: "asc" }, limit: 1 } },
  tell: ([store], buyer) => tellRegion(store?.["defaultRegion"], buyer),
})

/** The region of a cart of theirs, and where it goes. */
function ofCart(cartId: string, visitor: Visitor): Circumstance {
  const filter = { $and: [{ id: cartId }, ownedBy(visitor)] }
  return {
    read: { resource: "cart", read: { fields: cartFields, filter, limit: 1 } },
    tell: ([cart], buyer) => {
      if (cart === undefined) throw new QueryInvalid(`Cart with id: ${cartId} was not found`, "cart_id")
      tellRegion(cart["region"], buyer)
      const address = cart["shippingAddress"] as { countryCode: string | null; province: string | null } | null
      if (address?.countryCode) buyer.destination = { countryCode: address.countryCode, province: address.province }
    },
  }
}

function ofCustomer(customerId: string): Circumstance {
  return {
    read: { resource: "customer", read: { fields: { groups: { id: true } }, filter: { id: customerId }, limit: 1 } },
    tell: ([customer], buyer) => {
      const groups = (customer?.["groups"] ?? []) as { id: string }[]
      buyer.customerGroupIds = groups.map(({ id }) => id)
    },
  }
}

const mentions = (selection: AnySelection, name: string): boolean =>
  name in selection || Object.values(selection).some((inner) => inner !== true && mentions(inner, name))
