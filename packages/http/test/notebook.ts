import { compose, Database, defineEntity, defineModule, id, Migration, ModuleError, p } from "@marquetry/kernel"
import type { TestDatabase } from "@marquetry/kernel/testing"
import { z } from "zod"
import { createServer, idempotencyModule, routes, Unauthorized, type Route } from "../src/index.ts"

const NoteTable = defineEntity({ name: "Note", properties: { id: id("note"), text: p.text() } })
class Note extends NoteTable.class {}
NoteTable.setClass(Note)

class CreateNotes extends Migration {
  override name = "20260101000000_create-notes"
  override up(): void {
    this.addSql(`create table "notes"."note" ("id" text primary key, "text" text not null)`)
  }
}

const notesModule = defineModule({ name: "notes", entities: [Note], migrations: [CreateNotes], register: () => {} })

class NoteRefused extends ModuleError {
  readonly code = "notes.refused"
  readonly kind = "invalid"
}

/** What the handlers below are told to do, by the text of a note. */
export class Script {
  calls = 0
  readonly #gates = new Map<string, { begun: () => void; open: Promise<void> }>()

  /** Holds the handler for `text` up. @returns when it has begun, and what lets it go on. */
  hold(text: string): { begun: Promise<void>; release: () => void } {
    const begun = Promise.withResolvers<void>()
    const open = Promise.withResolvers<void>()
    this.#gates.set(text, { begun: begun.resolve, open: open.promise })
    return { begun: begun.promise, release: open.resolve }
  }

  async pass(text: string): Promise<void> {
    this.calls++
    const gate = this.#gates.get(text)
    this.#gates.delete(text)
    gate?.begun()
    await gate?.open
  }
}

const Body = z.strictObject({ text: z.string().min(1).default("x") })

export function notesRoutes(script: Script): Route[] {
  const guard = ({ header }: { header: (name: string) => string | undefined }) => {
    if (header("authorization") === "Bearer bad") throw new Unauthorized()
    return header("authorization") ?? "nobody"
  }
  return routes("/notes", { guard }, ({ get, post, delete: remove }) => {
    get("/", { summary: "Counts" }, () => ({ calls: ++script.calls }))
    const write = async (db: Database, text: string) => {
      const [note] = await db.insertRows(Note, [{ text }])
      await script.pass(text)
      return { id: note, call: script.calls }
    }
    post("/", { summary: "Writes", body: Body }, async ({ resolve, body, status, setHeader, setCookie }) => {
      status(201)
      setHeader("x-note", body.text)
      setCookie("note", body.text)
      return write(resolve<Database>(Database), body.text)
    })
    remove("/", { summary: "Deletes" }, async ({ resolve }) => ({
      deleted: await resolve<Database>(Database).run(`delete from "notes"."note"`),
    }))
    post("/outside", { summary: "Calls", body: Body, external: true }, ({ resolve, body }) =>
      write(resolve<Database>(Database), body.text),
    )
    for (const external of [false, true]) {
      const place = external ? "/outside" : ""
      post(`${place}/refuse`, { summary: "Refuses", external }, async ({ resolve, setHeader }) => {
        setHeader("x-tried", "yes")
        await write(resolve<Database>(Database), "refused")
        throw new NoteRefused("Not this one")
      })
      post(`${place}/fail`, { summary: "Fails", external }, async ({ resolve }) => {
        await write(resolve<Database>(Database), "failed")
        throw new Error("A bug")
      })
      post(`${place}/unavailable`, { summary: "Says so", external }, async ({ resolve, status }) => {
        status(503)
        return write(resolve<Database>(Database), "unavailable")
      })
    }
  })
}

export interface Sent {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Record<string, unknown>
}

interface Sending {
  readonly method?: "GET" | "POST" | "DELETE"
  readonly text?: string
  readonly authorization?: string
  readonly cookie?: string
}

/** A server of its own over a database that others use too. */
export async function openNotebook(database: TestDatabase | undefined, script: Script) {
  const composition = await compose({ database: database?.url, modules: [notesModule, idempotencyModule] })
  await composition.migrate()
  const server = await createServer({ composition, routes: notesRoutes(script), rateLimit: false })
  const send = async (
    url: string,
    key?: string,
    { text, authorization, cookie, method = "POST" }: Sending = {},
  ): Promise<Sent> => {
    const { statusCode, headers, body } = await server.app.inject({
      method,
      url,
      headers: {
        ...(key !== undefined && { "idempotency-key": key }),
        ...(authorization !== undefined && { authorization }),
        ...(cookie !== undefined && { cookie }),
      },
      ...(text !== undefined && { payload: { text } }),
    })
    return { status: statusCode, headers, body: JSON.parse(body) as Record<string, unknown> }
  }
  return {
    composition,
    server,
    send,
    notes: async () => {
      const rows = await composition.database.sql<{ text: string }>(`select text from "notes"."note" order by id`)
      return rows.map(({ text }) => text)
    },
    /** Lets time pass for what is kept. */
    age: (column: "created_at" | "leased_until", interval: string) =>
      composition.database.run(`update "http"."idempotent_request" set "${column}" = now() - $1::text::interval`, [
        interval,
      ]),
    close: async () => {
      await server.close()
      await composition.close()
    },
  }
}

export type Notebook = Awaited<ReturnType<typeof openNotebook>>
