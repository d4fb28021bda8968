import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { z } from "zod"
import {
  DeadLetterNotFound,
  defineEvent,
  Events,
  InvalidInput,
  Relay,
  subscribe,
  type RelayOptions,
  type SentEvent,
  type Subscriber,
} from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import { bookLent, bookLost } from "./events.ts"
import { aBook, Book, databaseKinds, openShop, type Shop } from "./shop.ts"

describe.each(databaseKinds)("events, on %s", (kind) => {
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

  const quick = { backoff: 1, pollInterval: 10 }
  function relayOf(subscribers: readonly Subscriber[], options: RelayOptions = {}): Relay {
    const relay = new Relay(shop.database, { ...quick, ...options })
    for (const subscriber of subscribers) relay.subscribe(subscriber)
    relays.push(relay)
    return relay
  }
  const emit = async (relay: Relay | undefined, ...readers: number[]) => {
    const events = new Events(shop.database, () => relay?.wake())
    await events.emitMany(
      bookLent,
      readers.map((reader) => ({ id: "b", reader })),
    )
  }
  const outbox = () =>
    shop.database.sql<{ status: string; delivered: string[] }>(
      `select status, delivered from "marquetry"."outbox" order by sequence`,
    )
  const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 10 })
  const allDone = (count: number) =>
    eventually(async () =>
      expect((await outbox()).map(({ status }) => status)).toEqual(Array.from({ length: count }, () => "done")),
    )

  it("reach their subscribers after the commit, with what they hold, and are told apart by name", async () => {
    const seen: unknown[] = []
    const relay = relayOf([
      subscribe(bookLent, "lent", (event) => void seen.push([event.name, event.aggregateId, event.payload])),
      subscribe(bookLost, "lost", (event) => void seen.push([event.name, event.aggregateId, event.payload])),
      {
        name: "all",
        event: "*",
        handle: (event) => void seen.push(["*", event.name, event.emittedAt instanceof Date]),
      },
    ])
    const events = new Events(shop.database, relay.wake)

    await shop.database.transaction(async () => {
      await events.emit(bookLent, { id: "b", reader: 1 })
      await events.emit(bookLost, { isbn: "i" }, "other")
      await relay.settled()
      expect(seen).toEqual([])
    })
    await allDone(2)

    expect(seen).toHaveLength(4)
    expect(seen).toContainEqual(["book.lent", "b", { id: "b", reader: 1 }])
    expect(seen).toContainEqual(["book.lost", "other", { isbn: "i" }])
    expect(seen).toContainEqual(["*", "book.lost", true])
  })

  it("are not sent when the data is not", async () => {
    const handle = vi.fn<() => void>()
    const relay = relayOf([subscribe(bookLent, "lent", handle)])
    const wake = vi.fn<() => void>()

    const failing = shop.database.transaction(async () => {
      await new Events(shop.database, wake).emit(bookLent, { id: "b", reader: 1 })
      throw new RangeError("no")
    })
    await expect(failing).rejects.toBeInstanceOf(RangeError)
    relay.wake()
    await relay.settled()

    expect(await outbox()).toEqual([])
    expect([handle, wake].map((call) => call.mock.calls.length)).toEqual([0, 0])
  })

  it("are written any number at once, in one statement that none are told of but who wrote them", async () => {
    const relay = relayOf([subscribe(bookLent, "lent", () => void shop.database.sql("select 1"))])

    const payloads = Array.from({ length: 300 }, (_, reader) => ({ id: `b${reader}`, reader }))
    const sent = await statementsOf(shop.database, async () => {
      await new Events(shop.database, relay.wake).emitMany(bookLent, payloads)
      await relay.settled()
    })

    expect(sent).toHaveLength(1)
  })

  it("are refused as a whole when a payload does not fit, or does not say what it is about", async () => {
    const events = new Events(shop.database, () => {})

    await expect(
      events.emitMany(bookLent, [
        { id: "a", reader: 1 },
        { id: "b", reader: "x" as never },
      ]),
    ).rejects.toBeInstanceOf(InvalidInput)
    await expect(events.emit(bookLent, { id: "a\0", reader: 1 })).rejects.toBeInstanceOf(InvalidInput)
    await expect(events.emit(bookLost, { isbn: "i" })).rejects.toThrow("names its aggregate")
    expect(await outbox()).toEqual([])
  })

  it("of one aggregate arrive in order, though some fail at first, and those of another do not wait", async () => {
    const seen: string[] = []
    const failed = new Set<string>()
    const relay = relayOf([
      subscribe(bookLent, "lent", ({ aggregateId, payload: { reader } }) => {
        const key = `${aggregateId}${reader}`
        if (aggregateId === "a" && reader % 2 === 0 && !failed.has(key)) {
          failed.add(key)
          throw new Error("Not now")
        }
        seen.push(key)
      }),
    ])
    const payloads = Array.from({ length: 12 }, (_, index) => ({ id: index % 2 === 0 ? "a" : "b", reader: index >> 1 }))

    await new Events(shop.database, relay.wake).emitMany(bookLent, payloads)
    await allDone(12)

    expect(seen.filter((key) => key.startsWith("a"))).toEqual(["a0", "a1", "a2", "a3", "a4", "a5"])
    expect(seen.filter((key) => key.startsWith("b"))).toEqual(["b0", "b1", "b2", "b3", "b4", "b5"])
    expect(seen.indexOf("b5")).toBeLessThan(seen.indexOf("a5"))
  })

  it("are retried for those subscribers only that failed", async () => {
    const calls: string[] = []
    const errors: unknown[] = []
    const relay = relayOf(
      [
        subscribe(bookLent, "good", () => void calls.push("good")),
        subscribe(bookLent, "bad", () => {
          calls.push("bad")
          if (calls.filter((call) => call === "bad").length < 3) throw new Error("Not now")
        }),
      ],
      { backoff: 40, onError: (error, event) => errors.push([(error as Error).message, event?.name]) },
    )

    await emit(relay, 1)
    relay.wake()
    await allDone(1)

    expect(calls.toSorted()).toEqual(["bad", "bad", "bad", "good"])
    expect(errors).toEqual([
      ["Not now", "book.lent"],
      ["Not now", "book.lent"],
    ])
  })

  it("wait longer after each failure", async () => {
    const relay = relayOf([subscribe(bookLent, "bad", () => Promise.reject(new Error("no")))], { backoff: 60_000 })
    const waits: number[] = []

    await emit(relay, 1)
    for (let attempt = 1; attempt <= 8; attempt++) {
      relay.wake()
      await relay.settled()
      const [row] = await shop.database.sql<{ wait: number; attempts: number }>(
        `select round(extract(epoch from due_at - now()) / 60)::int as wait, (failures -> 'bad' ->> 'attempts')::int as attempts from "marquetry"."outbox"`,
      )
      expect(row?.attempts).toBe(attempt)
      waits.push(row?.wait ?? -1)
      await shop.database.run(`update "marquetry"."outbox" set due_at = now()`)
    }

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 0])
  })

  it("rest as dead letters after the last attempt, let others pass, and can be replayed", async () => {
    let works = false
    const seen: number[] = []
    const good = vi.fn<() => void>()
    const relay = relayOf(
      [
        subscribe(bookLent, "bad", ({ payload: { reader } }) => {
          if (reader === 1 && !works) throw new Error("Broken")
          seen.push(reader)
        }),
        subscribe(bookLent, "good", good),
      ],
      { maxAttempts: 2 },
    )

    await emit(relay, 1, 2)
    await eventually(async () => expect(await relay.deadLetters()).toHaveLength(1))
    await eventually(() => expect(seen).toEqual([2]))
    const [letter] = await relay.deadLetters()
    expect(letter).toMatchObject({
      name: "book.lent",
      payload: { id: "b", reader: 1 },
      failures: { bad: { attempts: 2, error: "Broken" } },
    })

    works = true
    await relay.replay(letter?.id ?? "")
    await eventually(() => expect(seen).toEqual([2, 1]))
    await allDone(2)
    expect(good).toHaveBeenCalledTimes(2)
    await expect(relay.replay(letter?.id ?? "")).rejects.toBeInstanceOf(DeadLetterNotFound)
    expect(await relay.deadLetters()).toEqual([])
  })

  it("count as failed when a handler takes too long, and reach the next attempt", async () => {
    const errors: string[] = []
    let calls = 0
    const relay = relayOf(
      [subscribe(bookLent, "slow", () => (++calls === 1 ? new Promise<void>(() => {}) : undefined))],
      {
        timeout: 20,
        onError: (error) => errors.push((error as Error).message),
      },
    )

    await emit(relay, 1)
    await allDone(1)

    expect(errors).toEqual(["Took longer than 20 ms"])
    expect(calls).toBe(2)
  })

  it("are handled to the end before the relay is closed, and not after", async () => {
    const { promise, resolve: finish } = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    const seen: number[] = []
    const relay = relayOf([
      subscribe(bookLent, "slow", async ({ payload: { reader } }) => {
        started.resolve()
        await promise
        seen.push(reader)
      }),
    ])

    await emit(relay, 1, 2)
    await started.promise
    relay.wake()
    let closed = false
    const closing = relay.close().then(() => (closed = true))
    await shop.database.sql("select 1")
    expect(closed).toBe(false)
    finish()
    await closing
    await relay.settled()
    relay.wake()

    expect(seen).toEqual([1])
    expect((await outbox()).map(({ status }) => status)).toEqual(["done", "pending"])
  })

  it("are handled outside of the transaction that emitted them", async () => {
    const inside: boolean[] = []
    const relay = relayOf([subscribe(bookLent, "lent", () => void inside.push(shop.database.inTransaction))])

    await shop.database.transaction(() => emit(relay, 1))
    await allDone(1)

    expect(inside).toEqual([false])
  })

  it("may have their handlers write and emit in turn", async () => {
    const relay = relayOf([
      subscribe(bookLent, "chain", async ({ payload: { reader } }) => {
        await shop.database.transaction(async () => {
          await shop.database.insertRows(Book, [aBook()])
          if (reader < 3) await emit(relay, reader + 1)
        })
      }),
    ])

    await emit(relay, 1)
    await allDone(3)

    expect(await outbox()).toHaveLength(3)
  })

  it("are found by looking, where nobody was told of them", async () => {
    const seen: SentEvent[] = []
    await emit(undefined, 1)
    const relay = relayOf([subscribe(bookLent, "lent", (event) => void seen.push(event))])

    relay.start()
    await eventually(() => expect(seen).toHaveLength(1))
    await emit(undefined, 2)

    await eventually(() => expect(seen).toHaveLength(2))
  })

  it("are forgotten some days after they were delivered, but for dead letters", async () => {
    await emit(undefined, 1, 2, 3, 4)
    const age = (reader: number, status: string, days: number) =>
      shop.database.run(
        `update "marquetry"."outbox" set status = $2, emitted_at = now() - $3::int * interval '1 day' where payload ->> 'reader' = $1`,
        [String(reader), status, days],
      )
    await age(1, "done", 4)
    await age(2, "done", 2)
    await age(3, "dead", 400)
    await age(4, "pending", 2)

    const relay = relayOf([], { retention: 3 })
    relay.wake()
    await relay.settled()

    const left = await shop.database.sql(
      `select payload ->> 'reader' as reader from "marquetry"."outbox" order by sequence`,
    )
    expect(left).toEqual([{ reader: "2" }, { reader: "3" }, { reader: "4" }])
  })

  it("tell of a fault of the relay itself, which goes on", async () => {
    const errors: unknown[] = []
    const seen: number[] = []
    const relay = relayOf([subscribe(bookLent, "lent", ({ payload }) => void seen.push(payload.reader))], {
      onError: (error) => errors.push(error),
    })
    await emit(undefined, 1)
    await shop.database.run(`alter table "marquetry"."outbox" rename to "elsewhere"`)
    relay.wake()
    await relay.settled()
    await shop.database.run(`alter table "marquetry"."elsewhere" rename to "outbox"`)
    relay.wake()

    await eventually(() => expect(seen).toEqual([1]))
    expect(errors).toMatchObject([{ code: "42P01" }])
  })

  it("are declared once, by a name in the past tense of a thing", () => {
    const payload = z.object({ id: z.string() })
    for (const name of ["placed", "Order.placed", "order placed", "order.", ".placed", ""]) {
      expect(() => defineEvent(name, payload)).toThrow(TypeError)
    }
    expect(defineEvent("sales-channel.created", payload).name).toBe("sales-channel.created")
    const relay = relayOf([subscribe(bookLent, "one", () => {})])
    expect(() => relay.subscribe(subscribe(bookLost, "one", () => {}))).toThrow(TypeError)
  })
})
