/* What levels and reservations should be, in the simplest words there are: no database, one caller. */

export interface ModelLine {
  readonly lineItemId: string
  /** What one unit of the line is made of. */
  readonly parts: readonly { readonly item: string; readonly required: number }[]
  readonly quantity: number
  readonly allowBackorder: boolean
}

export interface ModelReservation {
  id: string
  readonly lineItemId: string
  readonly item: string
  readonly location: string
  readonly required: number
  quantity: number
  fulfilled: number
  isOpen: boolean
}

interface ModelLevel {
  stocked: number
  reserved: number
}

type Taken = Pick<ModelReservation, "lineItemId" | "item" | "location" | "required" | "quantity">

export class Model {
  readonly levels = new Map<string, ModelLevel>()
  reservations: ModelReservation[] = []

  level(item: string, location: string): ModelLevel {
    const key = `${item} ${location}`
    const level = this.levels.get(key) ?? { stocked: 0, reserved: 0 }
    this.levels.set(key, level)
    return level
  }

  /** What should be reserved, or `null` when it should be refused. */
  plan(lines: readonly ModelLine[], locations: readonly string[]): Taken[] | null {
    const taken = new Map<string, Taken>()
    const items = new Set(lines.flatMap(({ parts }) => parts.map(({ item }) => item)))
    for (const item of items) {
      const free = locations.map((location) => {
        const { stocked, reserved } = this.level(item, location)
        return { location, units: Math.max(stocked - reserved, 0) }
      })
      let net = 0
      for (const location of locations) {
        const { stocked, reserved } = this.level(item, location)
        net += stocked - reserved
      }
      const wishes = lines.flatMap((line, number) =>
        line.parts
          .filter((part) => part.item === item)
          .map(({ required }) => ({ line, number, required, units: line.quantity * required })),
      )
      const ordered = [
        ...wishes.filter(({ line }) => !line.allowBackorder),
        ...wishes.filter(({ line }) => line.allowBackorder),
      ]
      for (const { line, number, required, units } of ordered) {
        net -= units
        if (net < 0 && !line.allowBackorder) return null
        for (let left = units; left > 0; left--) {
          const place = free.find((candidate) => candidate.units > 0)
          if (place !== undefined) place.units--
          const location = place?.location ?? (locations[0] as string)
          const key = `${number} ${item} ${location}`
          const row = taken.get(key) ?? { lineItemId: line.lineItemId, item, location, required, quantity: 0 }
          row.quantity++
          taken.set(key, row)
        }
      }
    }
    return [...taken.values()]
  }

  keep(id: string, row: Taken): void {
    this.level(row.item, row.location).reserved += row.quantity
    this.reservations.push({ ...row, id, fulfilled: 0, isOpen: true })
    this.reservations.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  release(lineItemId: string): void {
    for (const row of this.reservations.filter((one) => one.isOpen && one.lineItemId === lineItemId)) {
      row.isOpen = false
      this.level(row.item, row.location).reserved -= row.quantity
    }
  }

  /** Whether it should be done; does it. */
  fulfil(lineItemId: string, quantity: number): boolean {
    const rows = this.reservations.filter((row) => row.isOpen && row.lineItemId === lineItemId)
    const moves = deal(rows, quantity, (row) => row.quantity)
    if (moves === null || !this.#fits(moves)) return false
    for (const [row, units] of moves) {
      const level = this.level(row.item, row.location)
      level.stocked -= units
      level.reserved -= units
      row.fulfilled += units
      if (units === row.quantity) row.isOpen = false
      else row.quantity -= units
    }
    return true
  }

  restock(lineItemId: string, quantity: number): boolean {
    const rows = this.reservations.filter((row) => row.fulfilled > 0 && row.lineItemId === lineItemId).reverse()
    const moves = deal(rows, quantity, (row) => row.fulfilled)
    if (moves === null) return false
    for (const [row, units] of moves) {
      const level = this.level(row.item, row.location)
      level.stocked += units
      level.reserved += units
      row.fulfilled -= units
      row.quantity = (row.isOpen ? row.quantity : 0) + units
      row.isOpen = true
    }
    return true
  }

  stock(item: string, location: string, stocked: number): boolean {
    const level = this.level(item, location)
    const firm = Math.min(level.reserved, level.stocked)
    if (stocked < firm) return false
    level.stocked = stocked
    return true
  }

  #fits(moves: readonly [ModelReservation, number][]): boolean {
    const leaving = new Map<ModelLevel, number>()
    for (const [row, units] of moves) {
      const level = this.level(row.item, row.location)
      leaving.set(level, (leaving.get(level) ?? 0) + units)
    }
    return [...leaving].every(([{ stocked }, units]) => units <= stocked)
  }
}

/** How many units of each row, item by item; `null` when there are too few. */
function deal(
  rows: readonly ModelReservation[],
  quantity: number,
  unitsOf: (row: ModelReservation) => number,
): [ModelReservation, number][] | null {
  if (rows.length === 0) return null
  const moves: [ModelReservation, number][] = []
  for (const ofItem of Map.groupBy(rows, ({ item }) => item).values()) {
    let left = quantity * Math.max(...ofItem.map(({ required }) => required))
    for (const row of ofItem) {
      const units = Math.min(left, unitsOf(row))
      if (units > 0) moves.push([row, units])
      left -= units
    }
    if (left > 0) return null
  }
  return moves
}
