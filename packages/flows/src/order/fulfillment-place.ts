import type { HeldFacts, LineFacts, SendingFacts, SendingOption } from "./fulfillment-facts.ts"

/** So many pieces of an order's line. */
export interface Pieces {
  readonly itemId: string
  readonly quantity: number
}

/** How pieces leave: by which option, with what the buyer chose it with. */
export interface Way {
  readonly option: SendingOption | null
  readonly data: Readonly<Record<string, unknown>> | null
}

/** The option that was asked for; else, of those that the order was placed with, the one for goods of this kind. */
export function wayOf({ option, methods, lines }: SendingFacts): Way {
  const chosen = methods.filter((method) => method.shippingOption !== null)
  const profileIds = new Set(lines.map(({ variant }) => variant?.product.shippingProfile?.id))
  const method =
    option === null
      ? (chosen.find(({ shippingOption: own }) => profileIds.has(own?.shippingProfileId)) ?? chosen[0])
      : chosen.find(({ shippingOption: own }) => own?.id === option.id)
  return { option: option ?? method?.shippingOption ?? null, data: method?.data ?? null }
}

/** The lines whose stock is counted: those that something is held for, and those that something should be. */
export function countedLines({ lines, held }: Pick<SendingFacts, "lines" | "held">): LineFacts[] {
  const isHeld = new Set(held.map(({ lineItemId }) => lineItemId))
  return lines.filter(({ id, variant }) => isHeld.has(id) || variant?.manageInventory === true)
}

/**
 * Where pieces leave from, of the places that hold all of them: that of the option, if it is one, or the first. Where none
 * does, that of the option all the same, and stock will say what it has too little of: a parcel leaves one place.
 *
 * @returns `null` when nothing says it.
 */
export function placeOf(
  { held, locationIds }: Pick<SendingFacts, "held" | "locationIds">,
  pieces: readonly Pieces[],
  preferred: string | null,
): string | null {
  const places = [...new Set([...(preferred === null ? [] : [preferred]), ...held.map((row) => row.locationId)])]
  const wanted = new Map(pieces.map(({ itemId, quantity }) => [itemId, quantity]))
  const all = [...Map.groupBy(held, ({ lineItemId, inventoryItemId }) => `${lineItemId} ${inventoryItemId}`).values()]
  const holdsAll = (place: string) => held.length > 0 && all.every((rows) => holds(rows, place, wanted))
  return places.find(holdsAll) ?? places[0] ?? locationIds[0] ?? null
}

/** Whether a place has what is wanted of one item of one line. */
function holds(rows: readonly HeldFacts[], place: string, wanted: ReadonlyMap<string, number>): boolean {
  const [first] = rows as readonly [HeldFacts]
  const here = rows.filter(({ locationId }) => locationId === place)
  const quantity = here.reduce((total, row) => total + row.quantity, 0)
  return quantity >= (wanted.get(first.lineItemId) ?? 0) * first.requiredQuantity
}
