import { execFile } from "node:child_process"
import { once } from "node:events"
import { createServer, type AddressInfo } from "node:net"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { createTestDatabase } from "@marquetry/kernel/testing"
import pg from "pg"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { endAll, run } from "./process.ts"

let directory: string
let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "marquetry-test-"))
  database = await createTestDatabase()
})
afterEach(async () => {
  endAll()
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

const sql = async <Row>(text: string): Promise<Row[]> => {
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    return (await client.query(text)).rows as Row[]
  } finally {
    await client.end()
  }
}
const counts = async () => {
  const [row] = await sql(`select (select count(*)::int from store.store) as stores,
    (select count(*)::int from product.product) as products, (select count(*)::int from api_key.api_key) as keys`)
  return row
}
const oneShop = { stores: 1, products: 79, keys: 1 }

/** Runs the request that the program prints. */
const curl = async (output: string) => {
  const [, header, url] = /curl -H '([^']+)' '([^']+)'/.exec(output) as unknown as [string, string, string]
  const { stdout } = await promisify(execFile)("curl", ["-sS", "-H", header, url])
  return JSON.parse(stdout) as { products: { variants: { calculated_price: unknown }[] }[]; count: number }
}

describe.each(["an embedded database", "Postgres"])("the program on %s", (kind) => {
  const place = (): Record<string, string> =>
    kind === "Postgres" ? { DATABASE_URL: database.url } : { DATA_DIR: directory }

  it("makes the demo shop at its first start, prints a request that works, and finds the shop again", async () => {
    const first = run(["--port", "0"], place())
    const address = await first.listening()
    const answer = await curl(first.output())
    const probes = await Promise.all(
      ["/health", "/ready", "/docs", "/openapi.json"].map((path) => fetch(address + path)),
    )
    first.kill("SIGTERM")
    const stopped = await first.ended
    const second = run(["--port", "0"], place())
    await second.listening()
    const again = await curl(second.output())

    expect(first.output()).toContain("Demo shop: Made 79, changed 0, unchanged 0, refused 0 (variants written: 315)")
    expect(first.output()).toContain(`docs/guides/first-order.md, with\n  export SHOP=${address} KEY=pk_`)
    expect(answer.products).toHaveLength(2)
    expect(answer.products[0]?.variants[0]?.calculated_price).toMatchObject({ currency_code: "eur" })
    expect(probes.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(stopped).toMatchObject({ code: 0, errors: "" })
    expect(second.output()).not.toContain("Demo shop")
    expect(again.count).toBe(answer.count)
  }, 120_000)

  it("makes the shop at the next start when it was killed while making it", async () => {
    const killed = run(["--port", "0"], place())
    await killed.until(/Making the demo shop/)
    killed.kill("SIGKILL")
    await killed.ended
    const next = run(["--port", "0"], place())
    await next.listening()

    const [first, again] = [await curl(next.output()), await curl(next.output())]
    expect([first.count > 70, again.count]).toEqual([true, first.count])
    expect(kind === "Postgres" ? await counts() : oneShop).toEqual(oneShop)
  }, 120_000)

  it("starts an empty shop without the demo", async () => {
    const program = run(["--port", "0", "--demo", "false"], place())
    const address = await program.listening()

    expect(program.output()).toContain("There is no publishable key yet")
    expect(program.output()).toContain("There is no user yet")
    expect(program.output()).toContain(`docs/guides/shop-from-nothing.md, with\n  export SHOP=${address}\n`)
  }, 120_000)
})

describe("the program", () => {
  it("imports files and says what became of them", async () => {
    const header = "Handle,Title,Variant Price\n"
    const [good, bad, medusa] = ["good.csv", "bad.csv", "medusa.csv"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ]
    await writeFile(good, `${header}new-lamp,New Lamp,12.50\n`)
    await writeFile(bad, `${header}new-lamp,New Lamp,13\nbroken,Broken,cheap\n`)
    await writeFile(medusa, "Product Handle,Product Title,Variant Price EUR\nvase,Vase,20\n")

    const program = run(["--port", "0", "--import", good, bad, medusa], { DATABASE_URL: database.url })
    await program.listening()

    expect(program.output()).toContain(
      [
        `Importing ${good}`,
        "  1 products so far",
        "  Made 1, changed 0, unchanged 0, refused 0 (variants written: 1)",
        `Importing ${bad}`,
        "  1 products so far",
        "  Made 0, changed 1, unchanged 0, refused 2 (variants written: 1)",
        '  line 3 (broken): Variant Price "cheap" is no amount such as 19.99 [import.value_invalid]',
        "  line 3 (broken): None of the product's rows is a variant that could be taken [import.no_variants]",
        `Importing ${medusa}`,
        "  1 products so far",
        "  Made 1, changed 0, unchanged 0, refused 0 (variants written: 1)",
      ].join("\n"),
    )
  }, 120_000)

  it.each<[string, string[], Record<string, string>, string[]]>([
    ["options that there are not", ["--prot", "1", "--colour"], {}, ["--prot", "--colour"]],
    ["an environment full of faults", ["--port", "x"], { DEMO: "1", LOG_LEVEL: "loud" }, ["PORT", "DEMO", "LOG_LEVEL"]],
    ["the secrets of development in production", [], { NODE_ENV: "production" }, ["JWT_SECRET", "COOKIE_SECRET"]],
    ["several workers on the embedded database", [], { WORKERS: "2" }, ["WORKERS"]],
    [
      "files that are not there",
      ["--import", "a.csv", "b.csv", "--currency", "xyz"],
      {},
      ["a.csv", "b.csv", "--currency"],
    ],
    ["arguments that belong to nothing", ["--port", "0", "stray"], {}, ["stray"]],
    ["a secret that is too short", [], { JWT_SECRET: "a secret of 31 characters, no m" }, ["JWT_SECRET: 32"]],
    [
      "Postgres without a secret",
      [],
      { DATABASE_URL: "postgres://nobody:x@127.0.0.1:1/none", JWT_SECRET: "" },
      ["JWT_SECRET: must be set beside DATABASE_URL"],
    ],
  ])(
    "refuses %s, naming all of them",
    async (_, args, variables, named) => {
      const { code, errors, output } = await run(args, { DATA_DIR: directory, ...variables }).ended

      expect([code, output]).toEqual([1, ""])
      expect(errors).toMatch(/^configuration\.invalid: The configuration has /)
      for (const name of named) expect(errors).toContain(name)
      expect(errors).not.toContain("    at ")
    },
    120_000,
  )

  it("names the commands that there are, for one that there is not", async () => {
    const { code, errors } = await run(["create-all"], { DATABASE_URL: database.url }).ended

    expect([code, errors]).toEqual([1, expect.stringMatching(/^command\.unknown: There is no command "create-all"/)])
  }, 120_000)

  it("makes a store for the back office where there is none, once, however many start", async () => {
    const both = ["first", "second"].map(() =>
      run(["--port", "0", "--demo", "false", "--currency", "usd"], { DATABASE_URL: database.url }),
    )
    await Promise.all(both.map(({ listening }) => listening()))
    await run(["--port", "0", "--demo", "false"], { DATABASE_URL: database.url }).listening()

    expect(await counts()).toEqual({ stores: 1, products: 0, keys: 0 })
    expect(await sql(`select currency_code, is_default from store.store_currency`)).toEqual([
      { currency_code: "usd", is_default: true },
    ])
  }, 120_000)

  it("refuses to import without a currency when there is no store", async () => {
    const file = join(directory, "a.csv")
    await writeFile(file, "Handle,Title,Variant Price\nlamp,Lamp,1\n")

    const { code, errors } = await run(["--demo", "false", "--port", "0", "--import", file], {
      DATABASE_URL: database.url,
    }).ended

    expect([code, errors]).toEqual([1, expect.stringContaining("--currency")])
  }, 120_000)

  it("says that a file is no export of products", async () => {
    const file = join(directory, "a.csv")
    await writeFile(file, "id,name\n1,Lamp\n")

    const { code, errors } = await run(["--port", "0", "--import", file], { DATABASE_URL: database.url }).ended

    expect([code, errors]).toEqual([1, expect.stringMatching(/^import\.format_unknown: /)])
  }, 120_000)

  it.each([["1"], ["2"]])(
    "says that the port is taken, with %s worker(s), and ends",
    async (workers) => {
      const holder = createServer().listen(0, "127.0.0.1")
      await once(holder, "listening")
      const { port } = holder.address() as AddressInfo

      const { code, errors } = await run(["--port", String(port)], {
        DATABASE_URL: database.url,
        WORKERS: workers,
        DEMO: "false",
      }).ended
      holder.close()

      expect([code, errors]).toEqual([1, expect.stringContaining("server.port_taken: ")])
    },
    60_000,
  )

  it("says that the database cannot be reached", async () => {
    const { code, errors } = await run(["--port", "0"], { DATABASE_URL: "postgres://nobody:x@127.0.0.1:1/none" }).ended

    expect([code, errors]).toEqual([1, expect.stringMatching(/^database\.unreachable: /)])
  }, 120_000)

  it("leaves a database of a newer release alone", async () => {
    const first = run(["--port", "0", "--demo", "false"], { DATABASE_URL: database.url })
    await first.listening()
    first.kill("SIGTERM")
    await first.ended
    await sql(`insert into product.migrations (name) values ('99990101000000_from-the-future')`)

    const { code, errors } = await run(["--port", "0"], { DATABASE_URL: database.url }).ended

    expect([code, errors]).toEqual([1, expect.stringMatching(/^database\.from_the_future: /)])
  }, 120_000)

  it("refuses a directory that another one has", async () => {
    const first = run(["--port", "0", "--demo", "false"], { DATA_DIR: directory })
    await first.listening()

    const { code, errors } = await run(["--port", "0"], { DATA_DIR: directory }).ended

    expect([code, errors]).toEqual([1, expect.stringContaining("is used by another process")])
  }, 120_000)

  it("makes one shop when two start at once on an empty database", async () => {
    const both = [
      run(["--port", "0"], { DATABASE_URL: database.url }),
      run(["--port", "0"], { DATABASE_URL: database.url }),
    ]
    const addresses = await Promise.all(both.map(({ listening }) => listening()))

    expect(await counts()).toEqual(oneShop)
    expect(new Set(addresses).size).toBe(2)
    expect(both.filter(({ output }) => output().includes("Demo shop: Made 79"))).toHaveLength(1)
  }, 120_000)

  it.each(["SIGTERM", "SIGINT"] as const)(
    "serves with several workers, and ends all of them on %s",
    async (signal) => {
      const program = run(["--port", "0"], { DATABASE_URL: database.url, WORKERS: "2" })
      const address = await program.listening()
      const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${address}/ready`)))
      const { count } = await curl(program.output())
      program.kill(signal)
      const { code } = await program.ended

      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
      expect(count).toBeGreaterThan(70)
      expect(code).toBe(0)
      // Postgres ends a session a moment after its client has gone; its own workers (autovacuum) are none of ours.
      const sessions = () =>
        sql(`select pid, query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
          and backend_type = 'client backend'`)
      await expect.poll(sessions, { timeout: 30_000 }).toEqual([])
    },
    120_000,
  )

  it("leaves no half a shop when it is told to end while it makes one", async () => {
    const program = run(["--port", "0"], { DATABASE_URL: database.url })
    await program.until(/Making the demo shop/)
    program.kill("SIGTERM")
    const { code } = await program.ended

    expect(code).toBe(0)
    expect([{ stores: 0, products: 0, keys: 0 }, oneShop]).toContainEqual(await counts())
  }, 120_000)
})
