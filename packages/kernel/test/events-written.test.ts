import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { compose, Events, InvalidInput, Relay, subscribe, type Subscriber } from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import { bookLent, bookLost } from "./events.ts"
import { aBook, Book, Chapter, databaseKinds, libraryModule, openShop, type Shop } from "./shop.ts"

describe.each(databaseKinds)("events written with rows, on %s", (kind) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(kind)
  })
  beforeEach(async () => {
    await shop.database.run(`truncate "marquetry"."outbox"`)
    await shop.database.run(`truncate "library"."book" cascade`)
  })
  afterAll(() => shop.end())

  const outbox = () =>
    shop.database.sql<{ name: string; aggregate_id: string; payload: unknown }>(
      `select name, aggregate_id, payload from "marquetry"."outbox" order by sequence`,
    )
  const books = () => shop.database.sql(`select id from "library"."book" order by id`)

  it("are in one statement with what they tell of, and told of after the commit", async () => {
    const wake = vi.fn<(event: string) => void>()
    const events = new Events(shop.database, wake)

    const sent = await statementsOf(shop.database, () =>
      shop.database.transaction(async () => {
        await shop.database.writeRows([
          { entity: Book, insert: [aBook({ id: "b" })] },
          events.written(bookLent, { id: "b", reader: 1 }),
          { entity: Chapter, insert: [{ heading: "One", book: "b" }] },
          events.written(bookLost, { isbn: "i" }, "shelf"),
        ])
        expect(wake).not.toHaveBeenCalled()
      }),
    )

    expect(sent).toHaveLength(1)
    expect(await books()).toEqual([{ id: "b" }])
    expect(new Set((await outbox()).map((row) => JSON.stringify(row)))).toEqual(
      new Set([
        JSON.stringify({ name: "book.lent", aggregate_id: "b", payload: { id: "b", reader: 1 } }),
        JSON.stringify({ name: "book.lost", aggregate_id: "shelf", payload: { isbn: "i" } }),
      ]),
    )
    expect(wake.mock.calls).toEqual([["book.lent"], ["book.lost"]])
  })

  it("are refused without a transaction: nobody would know when they are committed", () => {
    const wake = vi.fn<() => void>()
    const events = new Events(shop.database, wake)

    expect(() => events.written(bookLent, { id: "b", reader: 1 })).toThrow(TypeError)
    expect(wake).not.toHaveBeenCalled()
  })

  it("are undone with the transaction, and nobody is woken", async () => {
    const wake = vi.fn<() => void>()
    const events = new Events(shop.database, wake)

    const failing = shop.database.transaction(async () => {
      await shop.database.writeRows([
        { entity: Book, insert: [aBook()] },
        events.written(bookLent, { id: "b", reader: 1 }),
      ])
      throw new RangeError("no")
    })

    await expect(failing).rejects.toBeInstanceOf(RangeError)
    expect([await books(), await outbox()]).toEqual([[], []])
    expect(wake).not.toHaveBeenCalled()
  })

  it("are undone with the rows that the database refuses", async () => {
    const events = new Events(shop.database, () => {})

    const refused = shop.database.transaction(() =>
      shop.database.writeRows([
        { entity: Book, insert: [aBook({ pages: -1 })] },
        events.written(bookLent, { id: "b", reader: 1 }),
      ]),
    )

    await expect(refused).rejects.toMatchObject({ constraint: "book_pages_check" })
    expect(await outbox()).toEqual([])
  })

  it("are refused when a payload does not fit, or does not say what it is about", async () => {
    const events = new Events(shop.database, () => {})
    const written = (make: () => unknown) => shop.database.transaction(async () => make())

    await expect(written(() => events.written(bookLent, { id: "b", reader: "x" as never }))).rejects.toBeInstanceOf(
      InvalidInput,
    )
    await expect(written(() => events.written(bookLost, { isbn: "i" }))).rejects.toThrow("names its aggregate")
  })
})

describe.each(databaseKinds)("a relay, on %s", (kind) => {
  let shop: Shop
  let relays: Relay[] = []
  beforeAll(async () => {
    shop = await openShop(kind)
  })
  beforeEach(async () => {
    await shop.database.run(`truncate "marquetry"."outbox"`)
  })
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.close()))
    relays = []
  })
  afterAll(() => shop.end())

  function relayOf(...subscribers: Subscriber[]): Relay {
    const relay = new Relay(shop.database)
    for (const subscriber of subscribers) relay.subscribe(subscriber)
    relays.push(relay)
    return relay
  }
  /** Committed by a process that wakes nobody. */
  const emit = (readers: number, id = (reader: number) => `b${reader}`) =>
    new Events(shop.database, () => {}).emitMany(
      bookLent,
      Array.from({ length: readers }, (_, reader) => ({ id: id(reader), reader })),
    )
  const lose = (count: number, aggregate = (index: number) => `lost${index}`) =>
    new Events(shop.database, () => {}).emitMany(
      bookLost,
      Array.from({ length: count }, (_, index) => ({ isbn: `i${index}` })),
      Array.from({ length: count }, (_, index) => aggregate(index)),
    )
  const pending = async () => {
    const rows = await shop.database.sql<{ name: string; count: number }>(
      `select name, count(*)::int as count from "marquetry"."outbox" where status = 'pending' group by name`,
    )
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
  }

  it("is woken for the events that somebody here subscribes to, and for no others", async () => {
    const seen: number[] = []
    const relay = relayOf(subscribe(bookLent, "lent", ({ payload }) => void seen.push(payload.reader)))
    await emit(1)

    relay.wakeFor(bookLost.name)
    await relay.settled()
    expect(seen).toEqual([])
    relay.wakeFor(bookLent.name)
    await relay.settled()
    expect(seen).toEqual([0])
  })

  it("is woken for any event by a subscriber of all, and for none without subscribers", async () => {
    const seen: string[] = []
    await emit(1)

    const idle = relayOf()
    idle.wakeFor(bookLent.name)
    await idle.settled()
    expect(await pending()).toEqual({ "book.lent": 1 })
    const relay = relayOf({ name: "all", event: "*", handle: ({ name }) => void seen.push(name) })
    relay.wakeFor("something.else")
    await relay.settled()

    expect(seen).toEqual(["book.lent"])
    expect(await pending()).toEqual({})
  })

  it.each([
    ["of other aggregates", (index: number) => `lost${index}`],
    ["of the same aggregate", () => "b0"],
  ])("delivers what it has subscribers for, though 2,000 others %s wait before it", async (_, aggregate) => {
    const seen: number[] = []
    const relay = relayOf(subscribe(bookLent, "lent", ({ payload }) => void seen.push(payload.reader)))
    await lose(2_000, aggregate)
    await emit(3, () => "b0")
    await lose(10, aggregate)

    relay.wake()
    await relay.settled()

    expect(seen).toEqual([0, 1, 2])
    expect(await pending()).toEqual({ "book.lost": 2_010 })
  })

  it.each([
    ["book.lent", ["outbox_name_index", "outbox_pending_index"]],
    ["*", ["outbox_queue_index", "outbox_name_index", "outbox_pending_index"]],
  ])("looks for %s by indexes, however much is kept and waits for nobody", async (event, indexes) => {
    const relay = relayOf({ name: "reader", event, handle: () => {} })
    await shop.database.run(
      `insert into "marquetry"."outbox" (id, name, aggregate_id, payload, status)
       select 'evt_' || n, 'book.lost', 'lost' || n % 5000, '{}', case when n % 2 = 0 then 'pending' else 'done' end
       from generate_series(1, 20000) n`,
    )
    await emit(3)
    await shop.database.run("analyze")

    const sent = vi.spyOn(shop.database, "sql")
    relay.wakeFor(bookLent.name)
    await relay.settled()
    const [text, values] = sent.mock.calls.find(([one]) => one.includes("for update skip locked")) ?? [""]
    sent.mockRestore()
    const plan = await shop.database.sql(`explain ${text}`, values)

    const found = JSON.stringify(plan).match(/outbox_\w+_index|Seq Scan on outbox/g)
    expect(new Set(found)).toEqual(new Set(indexes))
  })

  it("leaves what it has no subscribers for to another, which delivers all of it", async () => {
    const [lent, lost]: [number[], string[]] = [[], []]
    const first = relayOf(subscribe(bookLent, "lent", ({ payload }) => void lent.push(payload.reader)))
    const second = relayOf(subscribe(bookLost, "lost", ({ payload }) => void lost.push(payload.isbn)))
    await lose(1_200)
    await emit(150)

    for (const relay of [first, second]) relay.wake()
    await Promise.all([first.settled(), second.settled()])

    expect(lent.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, reader) => reader))
    expect(new Set(lost).size).toBe(1_200)
    expect(lost).toHaveLength(1_200)
    expect(await pending()).toEqual({})
  })

  it("of a composition is woken by what that emits, if somebody there subscribes to it", async () => {
    const seen: number[] = []
    const composed = await compose({
      database: kind === "postgres" ? shop.url : undefined,
      modules: [libraryModule],
      subscribers: [subscribe(bookLent, "lent", ({ payload }) => void seen.push(payload.reader))],
      events: { pollInterval: 1_000_000 },
    })
    await composed.migrate()
    const events = composed.container.resolve(Events)
    await composed.relay.settled()
    // Nobody is told of this one.
    await new Events(composed.database, () => {}).emit(bookLent, { id: "b", reader: 1 })

    await events.emit(bookLost, { isbn: "i" }, "b")
    await composed.relay.settled()
    expect(seen).toEqual([])
    await events.emit(bookLent, { id: "b", reader: 2 })
    await composed.relay.settled()

    expect(seen).toEqual([1, 2])
    await composed.close()
  })
})
