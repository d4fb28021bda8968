import { readdirSync } from "node:fs"
import { join } from "node:path"
import { defineConfig } from "vitest/config"

const folders = ["packages", "apps", "tools"].flatMap((group) =>
  readdirSync(new URL(`./${group}`, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({ name: entry.name, root: join(import.meta.dirname, group, entry.name) })),
)

const conditions = ["@marquetry/source", "node", "development|production"]
const here = (path: string) => join(import.meta.dirname, path)

// Hundreds of processes load the same modules: what V8 made of them is kept for the next.
process.env["NODE_COMPILE_CACHE"] ??= here("node_modules/.cache/compiled")

export default defineConfig({
  test: {
    // One Postgres server serves the whole run; every test file gets a database of its own from it.
    globalSetup: [here("packages/kernel/src/testing/global-setup.ts")],
    pool: "forks",
    maxWorkers: 2,
    // Files share what was imported, and nothing else: what they keep is in databases of their own.
    isolate: false,
    // Examples that are processes of their own.
    maxConcurrency: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: folders.map(({ name, root }) => ({
      extends: true,
      root,
      resolve: { conditions },
      ssr: { resolve: { conditions } },
      test: {
        name,
        include: ["src/**/*.test.ts", "test/**/*.test.ts"],
        // Processes that a test starts run the sources as they are, like the test itself.
        env: { NODE_OPTIONS: "--conditions=@marquetry/source" },
      },
    })),
  },
})
