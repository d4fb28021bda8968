import {
  compose,
  computedField,
  defineEntity,
  defineModule,
  defineResource,
  id,
  metadata,
  Migration,
  p,
  type Composition,
} from "@marquetry/kernel"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { z } from "zod"
import {
  asks,
  compares,
  createServer,
  equals,
  getRoute,
  listRoute,
  nested,
  routes,
  Unauthorized,
  type ServerOptions,
} from "../src/index.ts"

const AuthorTable = defineEntity({ name: "Author", properties: { id: id("auth"), name: p.text() } })
class Author extends AuthorTable.class {}
AuthorTable.setClass(Author)

const BookTable = defineEntity({
  name: "Book",
  properties: {
    id: id("book"),
    title: p.text(),
    pageCount: p.integer().default(0),
    publishedAt: p.datetime(3).strictNullable().default(null),
    author: () => p.manyToOne(Author).ref().strictNullable().default(null),
    ...metadata,
  },
})
export class Book extends BookTable.class {}
BookTable.setClass(Book)

class CreateBooks extends Migration {
  override name = "20260101000000_create-books"
  override up(): void {
    this.addSql(`create table "books"."author" ("id" text primary key, "name" text not null)`)
    this.addSql(`create table "books"."book" ("id" text primary key, "title" text not null, "page_count" int not null default 0,
      "published_at" timestamptz(3), "author_id" text, "metadata" jsonb)`)
  }
}

const bookResource = defineResource("book", Book, { search: ["title"] })
/** What stands on the back of a book. */
const spine = computedField(bookResource, {
  name: "spine",
  needs: { title: true },
  resolve: async (rows) => rows.map(({ title }) => title),
})
const authorResource = defineResource("author", Author, { inverse: { books: [Book, "author"] } })

const booksModule = defineModule({
  name: "books",
  entities: [Author, Book],
  migrations: [CreateBooks],
  resources: [bookResource, authorResource],
  register: () => {},
})

const reads = {
  resource: "book",
  singular: "book",
  plural: "books",
  defaults: "id, title, page_count, published_at, *author",
  maxDepth: 2,
  list: {
    limit: 50,
    filters: {
      id: equals(),
      title: equals(),
      page_count: compares(),
      published_at: compares(),
      author_id: equals(),
      author: nested(),
      is_thick: asks({ page_count: { $gt: 100 } }),
    },
    logic: true,
  },
}

const CreateBook = z.strictObject({
  title: z.string().min(1).max(20),
  pageCount: z.number().int().min(0).default(0),
  metadata: z.record(z.string(), z.unknown()).nullable().default(null),
})

export const bookRoutes = routes("/store/books", {}, ({ get, post }) => {
  const list = listRoute(reads)
  get("/", list.schemas, list.handle)
  const one = getRoute(reads)
  get("/:id", one.schemas, one.handle)
  post(
    "/",
    { summary: "Echoes a book", body: CreateBook, response: z.object({ book: CreateBook }) },
    ({ body, status }) => {
      status(201)
      return { book: body }
    },
  )
})

export const guardedRoutes = routes(
  "/admin/secret",
  {
    guard: ({ header }) => {
      if (header("authorization") !== "Bearer good") throw new Unauthorized()
      return { user: "ann" }
    },
  },
  ({ get }) => get("/", { summary: "Says who asks" }, ({ identity }) => identity),
)

/** What a function answers or throws. */
export function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

/** What is at the end of a path into JSON. */
export const at = (json: unknown, ...path: readonly string[]): unknown =>
  path.reduce((value, step) => (value as Record<string, unknown> | undefined)?.[step], json)

export async function openLibrary(options: Partial<ServerOptions> = {}) {
  const database = await createTestDatabase()
  const composition: Composition = await compose({ database: database.url, modules: [booksModule], computed: [spine] })
  await composition.migrate()
  const [ann, bob] = await composition.database.insertRows(Author, [{ name: "Ann" }, { name: "Bob" }])
  const ids = await composition.database.insertRows(Book, [
    { title: "Wood", pageCount: 100, author: ann, publishedAt: "2026-01-02T03:04:05.678Z" },
    { title: "Veneer", pageCount: 200, author: bob },
    { title: "Glue", pageCount: 300, author: ann, metadata: { pot: "hot" } },
  ])
  const server = await createServer({
    composition,
    routes: [...bookRoutes, ...guardedRoutes],
    rateLimit: false,
    ...options,
  })
  return {
    composition,
    server,
    ids,
    ann: ann as string,
    get: async (url: string, headers: Record<string, string> = {}) => {
      const response = await server.app.inject({ url, headers })
      return { status: response.statusCode, headers: response.headers, body: response.json<Record<string, unknown>>() }
    },
    close: async () => {
      await server.close()
      await composition.close()
      await database.drop()
    },
  }
}
