import { describe, expect, it } from "vitest"
import { z } from "zod"
import {
  compose,
  computedField,
  Database,
  defineModule,
  defineResource,
  Events,
  link,
  parse,
  start,
  subscribe,
  type DependencyContainer,
} from "../src/index.ts"
import { bookLent } from "./events.ts"
import { aBook, Book, bookResource, bookShelf, libraryModule, Shelf, shelfResource, storageModule } from "./shop.ts"

class Greeter {
  greet(name: string): string {
    return `Hello ${name}`
  }
}
class ShoutingGreeter extends Greeter {
  override greet(name: string): string {
    return super.greet(name).toUpperCase()
  }
}
class Porter {
  readonly greeter: Greeter
  constructor(greeter: Greeter) {
    this.greeter = greeter
  }
}
const greetingModule = defineModule({
  name: "greeting",
  entities: [],
  migrations: [],
  register: (container) => {
    container.register(Greeter, { useFactory: () => new Greeter() })
    container.register(Porter, { useFactory: (c) => new Porter(c.resolve(Greeter)) })
  },
})
const empty = (name: string) => defineModule({ name, entities: [], migrations: [], register: () => {} })

describe("a composition", () => {
  it("replaces a service everywhere, in the services of others too", async () => {
    const register = (container: DependencyContainer) => container.register(Greeter, { useClass: ShoutingGreeter })
    const shop = await compose({ modules: [greetingModule], register })

    expect(shop.container.resolve(Porter).greeter.greet("Ann")).toBe("HELLO ANN")
    await shop.close()
  })

  it("is a world of its own: what one replaces, another does not see", async () => {
    const one = await compose({
      modules: [greetingModule],
      register: (c) => void c.register(Greeter, { useClass: ShoutingGreeter }),
    })
    const other = await compose({ modules: [greetingModule] })

    expect(other.container.resolve(Porter).greeter.greet("Ann")).toBe("Hello Ann")
    await Promise.all([one.close(), other.close()])
  })

  it("makes scopes, in which what is registered is seen nowhere else", async () => {
    const shop = await compose({ modules: [greetingModule] })
    const [scope, other] = [shop.createScope(), shop.createScope()]
    scope.registerInstance("buyer", "ann")

    expect(scope.resolve("buyer")).toBe("ann")
    expect(scope.resolve(Porter).greeter).toBeInstanceOf(Greeter)
    expect(other.isRegistered("buyer", true)).toBe(false)
    expect(shop.container.isRegistered("buyer", true)).toBe(false)
    await shop.close()
  })

  it.each([
    ["modules of one name", { modules: [empty("a"), empty("a")] }, /Two modules are named "a"/],
    ["a module of the kernel's name", { modules: [empty("marquetry")] }, /Two modules are named/],
    [
      "resources of one name",
      { modules: [libraryModule, { ...empty("b"), resources: [bookResource] }] },
      /Two modules publish a resource "book"/,
    ],
    [
      "links of one name",
      { modules: [libraryModule, storageModule], links: [bookShelf, bookShelf] },
      /has that already/,
    ],
    ["a link to what nobody publishes", { modules: [libraryModule], links: [bookShelf] }, /no resource "shelf"/],
    [
      "a link named like a field",
      { modules: [libraryModule, storageModule], links: [link(bookResource, shelfResource, { as: "title" })] },
      /has that already/,
    ],
    [
      "a computed field named like a field",
      { modules: [libraryModule], computed: [computedField(bookResource, { name: "title", resolve: async () => [] })] },
      /has a field "title"/,
    ],
    [
      "subscribers of one name",
      { modules: [], subscribers: [1, 2].map(() => subscribe(bookLent, "twice", () => {})) },
      /Two subscribers are named "twice"/,
    ],
    [
      "a search by what there is not",
      { modules: [{ ...storageModule, resources: [defineResource("shelf", Shelf, { search: ["nothing"] })] }] },
      /no such column/,
    ],
  ])("refuses %s", async (_, options, message) => {
    await expect(compose(options as never)).rejects.toThrow(message)
  })

  it.each(["Library", "a-b", "", "1a", "a".repeat(60)])(
    "refuses a module named %j, which is no name of a schema",
    (name) => {
      expect(() => empty(name)).toThrow(TypeError)
    },
  )

  it("closes once, however often it is told to", async () => {
    const shop = await compose({ modules: [libraryModule] })

    await Promise.all([shop.close(), shop.close()])

    await expect(shop.close()).resolves.toBeUndefined()
  })
})

describe("a module alone", () => {
  const Title = z.string().min(1)
  class Books {
    readonly #db: Database
    constructor(db: Database) {
      this.#db = db
    }
    async add(title: string): Promise<string> {
      const [id = ""] = await this.#db.insertRows(Book, [aBook({ title: parse(Title, title) })])
      return id
    }
  }
  const alone = defineModule({
    ...libraryModule,
    register: (container) => container.register(Books, { useFactory: (c) => new Books(c.resolve(Database)) }),
  })

  it("names services that need nothing else: they are made anew for each, and can be replaced", async () => {
    class Reader {
      readonly given: readonly unknown[]
      constructor(...given: readonly unknown[]) {
        this.given = given
      }
    }
    class Fake extends Reader {}
    const module = defineModule({ name: "reading", entities: [], migrations: [], services: [Reader, Books] })
    const services = (container: DependencyContainer) => ({
      books: container.resolve(Books),
      reader: container.resolve(Reader),
    })

    const reading = await start(module, {}, services)
    const faked = await start(module, { register: (c) => void c.register(Reader, { useClass: Fake }) }, services)

    expect(reading.reader.given).toEqual([reading.database, reading.container.resolve(Events), reading.query])
    expect(reading.books).toBeInstanceOf(Books)
    expect(reading.container.resolve(Books)).not.toBe(reading.books)
    expect(faked.reader).toBeInstanceOf(Fake)
    await Promise.all([reading.close(), faked.close()])
  })

  it("is started with its services and what every module has, and its services can be replaced", async () => {
    const library = await start(alone, {}, (container) => ({ books: container.resolve(Books) }))
    await library.migrate()

    const id = await library.books.add("Oak")

    const book = await library.query.get(bookResource, id, { fields: { title: true } })
    expect(book).toEqual({ title: "Oak" })
    await library.close()
  })
})
