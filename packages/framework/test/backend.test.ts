import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { routes } from "@marquetry/http"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createBackend, defineConfig, definePlugin, readEnvironment, type Backend, type Plugin } from "../src/index.ts"

describe("a backend", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let directory: string
  const open: Backend[] = []

  beforeEach(async () => {
    database = await createTestDatabase()
    directory = await mkdtemp(join(tmpdir(), "marquetry-test-"))
  })
  afterEach(async () => {
    for (const backend of open.splice(0)) await backend.close()
    await database.drop()
    await rm(directory, { recursive: true, force: true })
  })

  const create = async (variables: Record<string, string> = {}, ...plugins: Plugin[]) => {
    const environment = readEnvironment({ DATABASE_URL: database.url, LOG_LEVEL: "silent", PORT: "0", ...variables })
    const backend = await createBackend(defineConfig({ environment, modules: [], plugins }))
    open.push(backend)
    return backend
  }

  it("serves what its plugins bring: routes, files, services", async () => {
    const token = Symbol("greeting")
    const plugin = definePlugin({
      name: "greeter",
      register: (container) => container.register(token, { useValue: "hello" }),
      routes: routes("/hello", {}, ({ get }) =>
        get("/", { summary: "Greets" }, ({ resolve }) => ({ say: resolve(token) })),
      ),
      files: { "/sources": import.meta.dirname },
    })
    const backend = await create({}, plugin)
    const address = await backend.listen()

    const answers = await Promise.all(
      ["/hello", "/sources/backend.test.ts", "/health", "/ready"].map((path) => fetch(address + path)),
    )

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await answers[0]?.json()).toEqual({ say: "hello" })
  })

  it("does not start when a plugin finds something wrong, and lets its database go", async () => {
    const refusing = definePlugin({ name: "picky", check: () => Promise.reject(new Error("Not like this")) })

    await expect(create({}, refusing)).rejects.toThrow("Not like this")
    await database.drop()
    database = await createTestDatabase()
  })

  it("says so when its port is taken", async () => {
    const first = await create()
    const port = new URL(await first.listen()).port
    const second = await create({ PORT: port })

    await expect(second.listen()).rejects.toMatchObject({ code: "server.port_taken" })
  })

  it("closes once, however often it is asked", async () => {
    const backend = await create()

    expect(await Promise.all([backend.close(), backend.close()])).toEqual([undefined, undefined])
  })

  it("keeps another process from its embedded database, until it is gone, however it went", async () => {
    const hold = `
      const { holdDirectory } = await import(${JSON.stringify(new URL("../src/data-directory.ts", import.meta.url).href)})
      await holdDirectory(process.argv[1])
      console.log("held")
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ["--input-type=module", "-e", hold, directory], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await once(child.stdout, "data")
    const embedded = () => create({ DATABASE_URL: "", DATA_DIR: directory })

    await expect(embedded()).rejects.toMatchObject({ code: "configuration.invalid" })
    child.kill("SIGKILL")
    await once(child, "close")

    await expect(embedded()).resolves.toBeDefined()
    await expect(embedded()).rejects.toThrow("is used by another process")
  }, 120_000)
})

describe("a config", () => {
  it("has each plugin once, by a name like a package's", () => {
    const environment = readEnvironment({})
    const plugin = definePlugin({ name: "@scope/one" })

    expect(() => defineConfig({ environment, modules: [], plugins: [plugin, plugin] })).toThrow("is there twice")
    expect(() => definePlugin({ name: "No Name" })).toThrow("must be like a package's")
  })
})
