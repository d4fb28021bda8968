import { existsSync, globSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  execute,
  keptPromises,
  node,
  outcomeOf,
  promisedBy,
  sources,
  typeFaults,
  withFiles,
  workspace,
} from "./examples.ts"
import { startDemoShop, startEmptyShop, type RunningShop } from "./shops.ts"

/**
 * A block of code, by what stands behind its three backticks: a language, `file=` and the name of the file that it is,
 * `run` if it is to be run, and which shop has to run for that: `shop`, the demo shop, or `empty`, one without anything. All
 * pages have the same ones.
 */
interface Block {
  readonly language: string
  readonly file: string
  readonly runs: boolean
  readonly shop: Shop | undefined
  readonly text: string
}

type Shop = "shop" | "empty"

const directory = join(workspace, "docs/guides")
const pages = readdirSync(directory).filter((name) => name.endsWith(".md"))
const textOf = (page: string) => readFileSync(join(directory, page), "utf8")

function blocksOf(page: string): Block[] {
  return [...textOf(page).matchAll(/^```(\w+)(.*)\n([^]*?)^```$/gm)].map(([, language, info, text], index) => {
    const words = (info as string).split(" ")
    const file = words.find((word) => word.startsWith("file="))?.slice("file=".length)
    return {
      language: language as string,
      file: file ?? `block-${index}.ts`,
      runs: words.includes("run"),
      shop: (["shop", "empty"] as const).find((name) => words.includes(name)),
      text: text as string,
    }
  })
}

const isCode = ({ language }: Block) => language === "ts"
const isShell = ({ language, runs }: Block) => language === "sh" && runs

/** The files that the blocks of a page are. */
const filesOf = (page: string): Record<string, string> =>
  Object.fromEntries(
    blocksOf(page)
      .filter(isCode)
      .map(({ file, text }) => [file, text]),
  )

/** The lines of a script that say what it prints. */
const promisedByScript = (script: string) => [...script.matchAll(/^#=> (.*)$/gm)].map(([, text]) => text as string)

const shops = new Map<Shop, RunningShop>()
beforeAll(async () => {
  shops.set("shop", await startDemoShop())
  shops.set("empty", await startEmptyShop())
}, 120_000)
afterAll(async () => {
  for (const shop of shops.values()) await shop.stop()
})

/** What is exported for those who need one of the shops. */
const envOf = (shop: Shop | undefined) => (shop === undefined ? {} : (shops.get(shop)?.env ?? {}))

/** The blocks of a page that a shell runs, as one script. */
const scripts = pages
  .map((page) => {
    const blocks = blocksOf(page).filter(isShell)
    return { page, script: blocks.map(({ text }) => text).join("\n"), shop: blocks[0]?.shop }
  })
  .filter(({ script }) => script !== "")

it.each(scripts)(
  "$page has a script that runs to its end and prints what it says",
  { timeout: 90_000 },
  async ({ script, shop }) => {
    const env = envOf(shop)

    const ended = await execute("bash", ["-euo", "pipefail", "-c", script], { cwd: workspace, env })

    expect(outcomeOf(ended, ended.output.trimEnd().split("\n"))).toEqual({
      fault: "",
      printed: promisedByScript(script),
    })
  },
)

describe.concurrent.each(pages)("the guide %s", (page) => {
  const programs = blocksOf(page).filter((block) => isCode(block) && block.runs)

  it.each(programs)(
    "has $file, which runs to its end and prints what it says",
    { timeout: 90_000 },
    async (program) => {
      const env = envOf(program.shop)
      const promised = promisedBy(program.text)

      const ended = await withFiles(filesOf(page), (folder) =>
        node([...sources, join(folder, program.file)], folder, env),
      )

      expect(promised.length).toBeGreaterThan(0)
      expect(outcomeOf(ended, keptPromises(ended, promised))).toEqual({ fault: "", printed: promised })
    },
  )
})

const linked = ["README.md", "docs/*.md", "docs/guides/*.md", "apps/*/README.md", "packages/*/README.md"]

it.each(linked.flatMap((pattern) => globSync(pattern, { cwd: workspace })))(
  "%s leads to files that are there",
  (file) => {
    const text = readFileSync(join(workspace, file), "utf8")
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path as string)

    expect(links.filter((path) => !existsSync(join(workspace, dirname(file), path)))).toEqual([])
  },
)

it("shows code that is free of type errors, as Node reads it", { timeout: 90_000 }, async () => {
  const files = Object.fromEntries(pages.filter((page) => !isForBundlers(page)).flatMap(filesInFolder))

  expect(await typeFaults(files)).toBe("")
})

it("shows code of storefronts that is free of type errors, as bundlers read it", { timeout: 90_000 }, async () => {
  const files = Object.fromEntries(pages.filter(isForBundlers).flatMap(filesInFolder))
  const bundled = { module: "esnext", moduleResolution: "bundler", lib: ["es2024", "dom"] }

  expect(Object.keys(files)).not.toEqual([])
  expect(await typeFaults(files, bundled)).toBe("")
})

/** The types of the SDK call a CommonJS package a module: bundlers, which storefronts use, believe them. */
const isForBundlers = (page: string) => textOf(page).includes('from "@medusajs/js-sdk"')

const filesInFolder = (page: string): [string, string][] =>
  Object.entries(filesOf(page)).map(([file, text]) => [join(page.slice(0, -".md".length), file), text])
