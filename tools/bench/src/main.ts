import { parseArgs } from "node:util"
import { startTestServer, type TestServer } from "@marquetry/kernel/testing"
import { benchBoot } from "./booting/boot.ts"
import { browse, browseHeader } from "./browse.ts"
import { benchImport } from "./importing/import.ts"
import { benchSelling } from "./selling/carts-and-journeys.ts"
import { benchHot } from "./selling/hot.ts"
import { startDurableServer } from "./selling/postgres.ts"
import { accountingFlags } from "./selling/statements.ts"

const benches = ["boot", "browse", "cart", "checkout", "hot", "import"] as const
type Bench = (typeof benches)[number]

/* npm run bench -- [boot] [browse] [cart] [checkout] [hot] [import], all unless said. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    products: { type: "string", multiple: true, default: ["1000", "20000"] },
    seconds: { type: "string" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", multiple: true, default: ["1", "8"] },
    /** For `boot`: packages as `npm run build` makes them. */
    built: { type: "boolean", default: false },
    /** Of the shop that sells. */
    "shop-products": { type: "string", default: "200" },
    promotion: { type: "string", multiple: true, default: ["off", "on"] },
    buyers: { type: "string", default: "300" },
    stock: { type: "string", default: "100" },
    /** Products that `import` takes in, and how many a batch. */
    "import-products": { type: "string", default: "1000" },
    batch: { type: "string", default: "50" },
    /** A folder: the servers of `cart`, `checkout` and `import` write profiles of their CPU there. */
    profiles: { type: "string" },
    /** Settings of Postgres for all but `browse`: `--set random_page_cost=1.1`. */
    set: { type: "string", multiple: true, default: [] },
    /** Tells for `cart`, `checkout` and `import` what takes the time of Postgres. */
    statements: { type: "boolean", default: false },
  },
})
const wanted = (positionals.length === 0 ? benches : positionals) as readonly Bench[]
const unknown = wanted.filter((name) => !benches.includes(name))
if (unknown.length > 0) throw new Error(`There is no bench ${unknown.join(", ")}: ${benches.join(", ")}`)
const connections = values.connections.map(Number)

async function browseAll(): Promise<void> {
  process.stdout.write(browseHeader)
  for (const products of values.products.map(Number)) {
    await browse({ products, connections, seconds: Number(values.seconds ?? 4), rounds: Number(values.rounds) })
  }
}

async function sell(kind: "cart" | "checkout"): Promise<void> {
  for (const promotion of values.promotion) {
    await benchSelling(kind, {
      products: Number(values["shop-products"]),
      connections,
      seconds: Number(values.seconds ?? 12),
      promotion: promotion === "on",
      profiles: values.profiles,
      statements: values.statements,
    })
  }
}

const run: Record<Bench, () => Promise<void>> = {
  boot: () => benchBoot({ rounds: Number(values.rounds), built: values.built }),
  browse: browseAll,
  cart: () => sell("cart"),
  checkout: () => sell("checkout"),
  hot: () => benchHot({ buyers: Number(values.buyers), stock: Number(values.stock), connections: 16 }),
  import: () =>
    benchImport({
      products: Number(values["import-products"]),
      batch: Number(values.batch),
      connections: [1, 2],
      profiles: values.profiles,
      statements: values.statements,
    }),
}

async function on(server: TestServer, names: readonly Bench[]): Promise<void> {
  process.env["MARQUETRY_TEST_SERVER"] = server.url
  try {
    for (const name of names) await run[name]()
  } finally {
    await server.stop()
  }
}

const isReading = (name: Bench) => name === "boot" || name === "browse"
const reading = wanted.filter(isReading)
const writing = wanted.filter((name) => !isReading(name))
if (reading.length > 0) await on(await startTestServer(), reading)
if (writing.length > 0) {
  const settings = values.set.flatMap((setting) => ["-c", setting])
  await on(await startDurableServer([...settings, ...(values.statements ? accountingFlags : [])]), writing)
}
