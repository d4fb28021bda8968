import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NotFound } from "@marquetry/kernel"
import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { createBackend, defineConfig, definePlugin, readCommand, readEnvironment, runCommand } from "../src/index.ts"
import type { Command, Plugin } from "../src/index.ts"

describe("a command", () => {
  let database: TestDatabase
  let directory: string
  let written: string
  beforeEach(async () => {
    database = await createTestDatabase()
    directory = await mkdtemp(join(tmpdir(), "marquetry-test-"))
    written = ""
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      written += String(text)
      return true
    })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    process.exitCode = undefined
    await database.drop()
    await rm(directory, { recursive: true, force: true })
  })

  const token = Symbol("greeting")
  const configOf = (commands: readonly Command[], more: Partial<Plugin> = {}, variables: Record<string, string> = {}) =>
    defineConfig({
      environment: readEnvironment({ DATABASE_URL: database.url, LOG_LEVEL: "silent", ...variables }),
      modules: [],
      plugins: [definePlugin({ name: "polite", commands, ...more })],
    })

  it("runs on the shop, with what it was given, and lets the shop go", async () => {
    const seen: unknown[] = []
    const greet: Command = {
      name: "greet",
      summary: "Greets",
      options: { name: "who is greeted" },
      run: (container, { options, rest }) => void seen.push([container.resolve(token), options, rest]),
    }
    const config = configOf(
      [greet],
      {
        register: (container) => container.register(token, { useValue: "hello" }),
        // What must be there before a server listens may be what a command makes.
        check: () => Promise.reject(new Error("Not like this")),
      },
      { DATABASE_URL: "", DATA_DIR: directory },
    )

    await runCommand(config, "greet", ["--name", "ann", "--name=bob", "loudly"])
    const again = await createBackend({ ...config, plugins: [] })
    await again.close()

    expect(seen).toEqual([["hello", { name: ["ann", "bob"] }, ["loudly"]]])
    expect([process.exitCode, written]).toEqual([undefined, ""])
  }, 60_000)

  it.each<[string, Error, RegExp]>([
    ["a refusal", new NotFound("User", "user_1"), /^resource\.not_found: User with id: user_1 was not found\n$/],
    ["a bug", new TypeError("Oh"), /^TypeError: Oh\n +at /],
  ])("that ends with %s says so, and the process has failed", async (_, error, message) => {
    await runCommand(configOf([{ name: "fail", summary: "Fails", run: () => Promise.reject(error) }]), "fail", [])

    expect(written).toMatch(message)
    expect(process.exitCode).toBe(1)
  })

  it("that there is not is answered with those that there are", async () => {
    const run = vi.fn<Command["run"]>()
    const config = configOf([
      { name: "greet", summary: "Greets", options: { name: "who is greeted" }, run },
      { name: "user:create", summary: "Makes a user", run },
    ])

    await runCommand(config, "gret", [])

    expect(written).toBe(
      `command.unknown: There is no command "gret". There are:\n` +
        `  greet: Greets\n    --name: who is greeted\n  user:create: Makes a user\n`,
    )
    expect(process.exitCode).toBe(1)
    expect(run).not.toHaveBeenCalled()
  })

  it("refuses options that it does not have, with every fault", async () => {
    const run = vi.fn<Command["run"]>()
    await runCommand(configOf([{ name: "greet", summary: "Greets", options: { name: "who" }, run }]), "greet", [
      "--nam",
      "x",
      "--name",
    ])

    expect(written).toContain("configuration.invalid")
    expect(written).toContain("--nam: there is no such option")
    expect(written).toContain("--name: needs a value")
    expect([process.exitCode, run.mock.calls.length]).toEqual([1, 0])
  })

  it.each<[Partial<Command>, string]>([
    [{ name: "--greet" }, "cannot be the name of a command"],
    [{ options: { "a b": "" } }, "cannot be an option of the command"],
    [{ options: { port: "" } }, "which is one of the backend itself"],
  ])("%j is refused", (wrong, message) => {
    expect(() => configOf([{ name: "greet", summary: "Greets", run: () => {}, ...wrong }])).toThrow(message)
  })
})

describe("the line of a command", () => {
  const read = (...args: string[]) => readCommand(args, { PORT: "1234" })

  it("is told from other lines by its first word", () => {
    expect([read(), read("--port", "80"), read("--import", "a.csv")]).toEqual([undefined, undefined, undefined])
  })

  it("is parted into what is the environment's and what is the command's", () => {
    const line = read("greet", "--name", "ann", "--port", "80", "--loud=yes", "x", "--data-dir=d", "--", "--y")

    expect(line).toMatchObject({ name: "greet", environment: { port: 80, dataDirectory: "d" } })
    expect(line?.args).toEqual(["--name", "ann", "--loud=yes", "x", "--", "--y"])
  })

  it("is refused for faults of the environment", () => {
    expect(() => read("greet", "--port", "x")).toThrow("PORT: a whole number")
    expect(() => read("greet", "--port", "--name")).toThrow("--port: needs a value")
  })
})
