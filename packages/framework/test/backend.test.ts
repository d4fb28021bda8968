import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { routes } from "@marquetry/http"
import { ModuleError } from "@marquetry/kernel"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createBackend, defineConfig, definePlugin, readEnvironment, type Backend, type Plugin } from "../src/index.ts"
import { jobsOf } from "../src/plugin.ts"

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

  it("lets browsers call from where its environment says, and its plugins", async () => {
    const cors = { files: ["https://a.example"], store: ["https://a.example"] }
    const backend = await create({ STORE_CORS: "https://b.example" }, definePlugin({ name: "files", cors }))
    const address = await backend.listen()
    const allowed = async (path: string, origin: string) => {
      const headers = { origin, "access-control-request-method": "PUT" }
      const answer = await fetch(address + path, { method: "OPTIONS", headers })
      return answer.headers.get("access-control-allow-origin")
    }

    expect(await allowed("/files/x", "https://a.example")).toBe("https://a.example")
    expect(await allowed("/files/x", "https://b.example")).toBeNull()
    expect(await allowed("/store/x", "https://b.example")).toBe("https://b.example")
    expect(await allowed("/store/x", "https://a.example")).toBeNull()
  })

  it("answers errors as its plugins say, and repeated requests as before", async () => {
    class Refusal extends ModuleError {
      readonly code = "greeter.shy"
      readonly kind = "conflict"
    }
    let calls = 0
    const greeter = definePlugin({
      name: "greeter",
      errorAnswers: { "greeter.shy": { status: 400, type: "not_allowed" } },
      routes: routes("/hello", {}, ({ get, post }) => {
        get("/", { summary: "Refuses" }, () => {
          throw new Refusal("Not today")
        })
        post("/", { summary: "Counts" }, () => ({ calls: ++calls }))
      }),
    })
    const { server } = await create({}, greeter)
    const post = () => server.app.inject({ method: "POST", url: "/hello", headers: { "idempotency-key": "1" } })

    const refused = await server.app.inject("/hello")
    const answers = [await post(), await post()]

    expect([refused.statusCode, refused.json()]).toEqual([
      400,
      { type: "not_allowed", message: "Not today", code: "greeter.shy" },
    ])
    expect(answers.map((answer) => answer.json())).toEqual([{ calls: 1 }, { calls: 1 }])
    await expect(create({}, greeter, { ...greeter, name: "another", routes: [] })).rejects.toThrow("two answers")
  })

  it("takes a plugin once that several stand on, and before them", async () => {
    const token = Symbol("order")
    const said: string[] = []
    const plugin = (name: string, needs: Plugin[] = []) =>
      definePlugin({ name, needs, register: () => void said.push(name) })
    const base = definePlugin({
      name: "base",
      register: (container) => {
        said.push("base")
        container.register(token, { useValue: "there" })
      },
      errorAnswers: { "base.refused": { status: 409, type: "conflict" } },
      jobs: [{ name: "base", schedule: { everySeconds: 60 }, run: () => {} }],
    })

    const backend = await create({}, plugin("one", [base]), plugin("two", [plugin("three", [base])]))

    expect(said).toEqual(["base", "one", "three", "two"])
    expect(backend.composition.container.resolve(token)).toBe("there")
    await expect(create({}, plugin("four", [base, plugin("base")]))).rejects.toThrow('The plugin "base" is there twice')
  })

  it("runs jobs from when it listens until it closes", async () => {
    const stopped: boolean[] = []
    const begun = Promise.withResolvers<void>()
    const worker = definePlugin({
      name: "worker",
      jobs: [
        {
          name: "work",
          schedule: { everySeconds: 1 },
          run: async (_, signal) => {
            begun.resolve()
            await once(signal, "abort")
            stopped.push(signal.aborted)
          },
        },
      ],
    })
    const backend = await create({}, worker)
    const jobs = () =>
      backend.composition.database.sql<{ name: string }>(`select name from "framework"."scheduled_job" order by name`)
    const before = await jobs()
    await backend.listen()
    await begun.promise
    const after = await jobs()
    await backend.close()

    expect(before).toEqual([])
    expect(after.map(({ name }) => name)).toEqual(["framework.forget-idempotent-requests", "work"])
    expect(stopped).toEqual([true])
  })

  it("forgets answers that are a day old", async () => {
    const { composition } = await create()
    const rows = await composition.database.run(
      `insert into "http"."idempotent_request" (id, request, claim, leased_until, created_at)
       select age, '', '', now(), now() - age::interval from unnest(array['23 hours', '25 hours']) age`,
    )
    const [forget] = jobsOf({ environment: readEnvironment({}), modules: [] })
    await forget?.run(composition.container, new AbortController().signal)
    const left = await composition.database.sql(`select id from "http"."idempotent_request"`)

    expect([rows, left]).toEqual([2, [{ id: "23 hours" }]])
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
  it("has each plugin, job and command once, under names that can be theirs", () => {
    const environment = readEnvironment({})
    const plugin = definePlugin({ name: "@scope/one" })

    expect(() => defineConfig({ environment, modules: [], plugins: [plugin, plugin] })).toThrow("is there twice")
    const job = { name: "work", schedule: "@daily", run: () => {} }
    expect(() =>
      defineConfig({ environment, modules: [], jobs: [job], plugins: [{ name: "one", jobs: [job] }] }),
    ).toThrow('The job "work" is there twice')
    expect(() => defineConfig({ environment, modules: [], jobs: [{ ...job, schedule: "never" }] })).toThrow(
      'The job "work" has no schedule',
    )
    const command = { name: "greet", summary: "", run: () => {} }
    expect(() =>
      defineConfig({ environment, modules: [], plugins: [{ name: "one", commands: [command, command] }] }),
    ).toThrow('The command "greet" is there twice')
    expect(() => definePlugin({ name: "No Name" })).toThrow("must be like a package's")
  })
})
