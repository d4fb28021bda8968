import {
  compose,
  defineEntity,
  defineModule,
  defineResource,
  id,
  link,
  linkByColumn,
  metadata,
  Migration,
  newId,
  p,
  searchIndex,
  softDelete,
  timestamps,
  type Composition,
  type CompositionOptions,
} from "../src/index.ts"
import { createTestDatabase } from "../src/testing.ts"

/* Modules of a library, with everything that the kernel must handle. */

const AuthorTable = defineEntity({
  name: "Author",
  properties: {
    id: id("auth"),
    name: p.text(),
    secret: p.text().default(""),
    born: p.integer().strictNullable().default(null),
  },
})
export class Author extends AuthorTable.class {}
AuthorTable.setClass(Author)

export const bookStatuses = ["draft", "published"] as const
const BookTable = defineEntity({
  name: "Book",
  indexes: [searchIndex("library", "book", ["title", "blurb"])],
  properties: {
    id: id("book"),
    title: p.text(),
    blurb: p.text().strictNullable().default(null),
    isbn: p.text().unique("book_isbn_unique"),
    status: p.enum(bookStatuses).default("draft"),
    pages: p.integer().default(0),
    weight: p.decimal().columnType("numeric").strictNullable().default(null),
    inPrint: p.boolean().default(true),
    awards: p.array().default([]),
    printedAt: p.datetime(3).strictNullable().default(null),
    languageCode: p.text().strictNullable().default(null).index("book_language_code_index"),
    author: () => p.manyToOne(Author).ref().strictNullable().default(null).index("book_author_id_index"),
    editor: () => p.manyToOne(Author).ref().strictNullable().default(null).index("book_editor_id_index"),
    chapters: () => p.oneToMany(Chapter).mappedBy("book"),
    topics: () => p.manyToMany(Topic).pivotEntity(() => BookTopic),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
  checks: [{ name: "book_pages_check", property: "pages", expression: `"pages" >= 0` }],
})
export class Book extends BookTable.class {}
BookTable.setClass(Book)

const ChapterTable = defineEntity({
  name: "Chapter",
  orderBy: { rank: "asc" },
  indexes: [searchIndex("library", "chapter", ["heading"])],
  properties: {
    id: id("chap"),
    heading: p.text(),
    rank: p.integer().default(0),
    book: () => p.manyToOne(Book).ref().deleteRule("cascade").index("chapter_book_id_index"),
    ...softDelete,
  },
})
export class Chapter extends ChapterTable.class {}
ChapterTable.setClass(Chapter)

const TopicTable = defineEntity({
  name: "Topic",
  properties: {
    id: id("topic"),
    name: p.text(),
    books: () => p.manyToMany(Book).mappedBy("topics"),
  },
})
export class Topic extends TopicTable.class {}
TopicTable.setClass(Topic)

/**
 * That a book is about a topic. An entity of its own (`pivotEntity`), and not a `pivotTable` of the ORM's: that has no
 * index on its second column, which every read from the other side needs, and `insertRows` can write this one.
 */
const BookTopicTable = defineEntity({
  name: "BookTopic",
  tableName: "book_topic",
  properties: {
    book: () => p.manyToOne(Book).ref().primary().deleteRule("cascade").updateRule("cascade"),
    topic: () =>
      p.manyToOne(Topic).ref().primary().deleteRule("cascade").updateRule("cascade").index("book_topic_topic_id_index"),
  },
})
export class BookTopic extends BookTopicTable.class {}
BookTopicTable.setClass(BookTopic)

class CreateBooks extends Migration {
  override name = "20260101000000_create-books"
  override up(): void {
    this.addSql(
      `create table "library"."author" ("id" text not null primary key, "name" text not null, "secret" text not null default '', "born" int)`,
    )
    this.addSql(`create table "library"."book" ("id" text not null primary key, "title" text not null, "blurb" text, "isbn" text not null,
      "status" text not null default 'draft' constraint "book_status_check" check ("status" in ('draft', 'published')),
      "pages" int not null default 0 constraint "book_pages_check" check ("pages" >= 0), "weight" numeric, "in_print" boolean not null default true,
      "awards" text[] not null default '{}', "printed_at" timestamptz(3), "language_code" text,
      "author_id" text constraint "book_author_id_foreign" references "library"."author" ("id") on delete set null,
      "editor_id" text constraint "book_editor_id_foreign" references "library"."author" ("id") on delete set null,
      "metadata" jsonb, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "deleted_at" timestamptz(3),
      constraint "book_isbn_unique" unique ("isbn"))`)
    for (const column of ["author_id", "editor_id", "language_code"]) {
      this.addSql(`create index "book_${column}_index" on "library"."book" ("${column}")`)
    }
    this.addSql(
      `create index "book_search_index" on "library"."book" using gin (to_tsvector('simple'::regconfig, coalesce("title", '') || ' ' || coalesce("blurb", '')))`,
    )
    this.addSql(`create table "library"."chapter" ("id" text not null primary key, "heading" text not null, "rank" int not null default 0,
      "book_id" text not null constraint "chapter_book_id_foreign" references "library"."book" ("id") on delete cascade, "deleted_at" timestamptz(3))`)
    this.addSql(`create index "chapter_book_id_index" on "library"."chapter" ("book_id")`)
    this.addSql(
      `create index "chapter_search_index" on "library"."chapter" using gin (to_tsvector('simple'::regconfig, coalesce("heading", '')))`,
    )
    this.addSql(`create table "library"."topic" ("id" text not null primary key, "name" text not null)`)
    this.addSql(`create table "library"."book_topic" ("book_id" text not null constraint "book_topic_book_id_foreign" references "library"."book" ("id") on delete cascade on update cascade,
      "topic_id" text not null constraint "book_topic_topic_id_foreign" references "library"."topic" ("id") on delete cascade on update cascade, primary key ("book_id", "topic_id"))`)
    this.addSql(`create index "book_topic_topic_id_index" on "library"."book_topic" ("topic_id")`)
  }
  override down(): void {
    for (const table of ["book_topic", "topic", "chapter", "book", "author"])
      this.addSql(`drop table "library"."${table}"`)
  }
}

export const bookResource = defineResource("book", Book, { search: ["title", "blurb", "chapters.heading"] })
export const authorResource = defineResource("author", Author, {
  private: ["secret"],
  search: ["name"],
  inverse: { books: [Book, "author"] },
})
export const chapterResource = defineResource("chapter", Chapter, { search: ["heading", "book.title", "book.blurb"] })
export const topicResource = defineResource("topic", Topic, { search: ["name", "books.title", "books.blurb"] })

export const libraryModule = defineModule({
  name: "library",
  entities: [Author, Book, Chapter, Topic, BookTopic],
  migrations: [CreateBooks],
  resources: [bookResource, authorResource, chapterResource, topicResource],
  register: () => {},
})

const ShelfTable = defineEntity({ name: "Shelf", properties: { id: id("shelf"), label: p.text() } })
export class Shelf extends ShelfTable.class {}
ShelfTable.setClass(Shelf)

class CreateShelves extends Migration {
  override name = "20260101000000_create-shelves"
  override up(): void {
    this.addSql(`create table "storage"."shelf" ("id" text not null primary key, "label" text not null)`)
  }
  override down(): void {
    this.addSql(`drop table "storage"."shelf"`)
  }
}

export const shelfResource = defineResource("shelf", Shelf)
export const storageModule = defineModule({
  name: "storage",
  entities: [Shelf],
  migrations: [CreateShelves],
  resources: [shelfResource],
  register: () => {},
})
export const bookShelf = link(bookResource, shelfResource, { as: "shelves", inverse: "books" })

/* Rows that are known by a code of the world outside, as currencies and countries are: their key is not called "id". */

const LanguageTable = defineEntity({
  name: "Language",
  properties: {
    isoCode: p.text().primary(),
    name: p.text(),
    scripts: () => p.manyToMany(Script).pivotTable("language_script"),
  },
})
export class Language extends LanguageTable.class {}
LanguageTable.setClass(Language)

const ScriptTable = defineEntity({
  name: "Script",
  properties: { tag: p.text().primary(), languages: () => p.manyToMany(Language).mappedBy("scripts") },
})
export class Script extends ScriptTable.class {}
ScriptTable.setClass(Script)

class CreateLanguages extends Migration {
  override name = "20260101000000_create-languages"
  override up(): void {
    this.addSql(`create table "speech"."language" ("iso_code" text primary key, "name" text not null)`)
    this.addSql(`create table "speech"."script" ("tag" text primary key)`)
    this.addSql(
      `create table "speech"."language_script" ("language_iso_code" text, "script_tag" text, primary key ("language_iso_code", "script_tag"))`,
    )
    this.addSql(`insert into "speech"."language" values ('sr', 'Serbian'), ('de', 'German')`)
    this.addSql(`insert into "speech"."script" values ('cyrl'), ('latn')`)
    this.addSql(`insert into "speech"."language_script" values ('sr', 'cyrl'), ('sr', 'latn'), ('de', 'latn')`)
  }
}

export const languageResource = defineResource("language", Language)
export const scriptResource = defineResource("script", Script)
export const speechModule = defineModule({
  name: "speech",
  entities: [Language, Script],
  migrations: [CreateLanguages],
  resources: [languageResource, scriptResource],
  register: () => {},
})
export const bookLanguage = linkByColumn(bookResource, languageResource, {
  column: "languageCode",
  as: "language",
  inverse: "books",
})

export const databaseKinds = ["postgres", "pglite"] as const
export type DatabaseKind = (typeof databaseKinds)[number]

export interface Shop extends Composition {
  /** Closes the composition, and drops its database. */
  readonly end: () => Promise<void>
  /** Of the database; none for an embedded one. */
  readonly url: string | undefined
}

/** The library and its storage on an empty database, migrated. Delivers no events unless told to. */
export async function openShop(kind: DatabaseKind, options: Partial<CompositionOptions> = {}): Promise<Shop> {
  const database = kind === "postgres" ? await createTestDatabase() : undefined
  const shop = await compose({
    database: database?.url,
    modules: [libraryModule, storageModule],
    links: [bookShelf],
    events: { relay: false },
    ...options,
  })
  await shop.migrate()
  const end = async () => {
    await shop.close()
    await database?.drop()
  }
  return { ...shop, url: database?.url, end }
}

export const byText = (a: unknown, b: unknown): number => String(a).localeCompare(String(b))

/** A row of a book; a test says what it is about. */
export const aBook = (fields: Record<string, unknown> = {}) => ({ title: "Wood", isbn: newId("isbn"), ...fields })
