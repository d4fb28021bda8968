import {
  Collection,
  defineEntity,
  defineModule,
  defineResource,
  id,
  link,
  metadata,
  Migration,
  p,
  searchIndex,
  softDelete,
  timestamps,
} from "../src/index.ts"

/* A small module of two tables and one of one, with everything that the kernel must handle. */

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

const bookStatuses = ["draft", "published"] as const
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
    weight: p.decimal().strictNullable().default(null),
    inPrint: p.boolean().default(true),
    awards: p.array().default([]),
    author: () => p.manyToOne(Author).ref().strictNullable().default(null),
    chapters: () => p.oneToMany(Chapter).mappedBy("book"),
    topics: () => p.manyToMany(Topic).pivotTable("book_topic"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})
export class Book extends BookTable.class {}
BookTable.setClass(Book)

const ChapterTable = defineEntity({
  name: "Chapter",
  orderBy: { rank: "asc" },
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

const ShelfTable = defineEntity({ name: "Shelf", properties: { id: id("shelf"), label: p.text() } })
export class Shelf extends ShelfTable.class {}
ShelfTable.setClass(Shelf)

class CreateBooks extends Migration {
  override name = "20260101000000_create-books"
  override up(): void {
    this.addSql(
      `create table "library"."author" ("id" text not null primary key, "name" text not null, "secret" text not null default '', "born" int)`,
    )
    this.addSql(`create table "library"."book" ("id" text not null primary key, "title" text not null, "blurb" text, "isbn" text not null,
      "status" text not null default 'draft' constraint "book_status_check" check ("status" in ('draft', 'published')), "pages" int not null default 0, "weight" numeric, "in_print" boolean not null default true,
      "awards" text[] not null default '{}', "author_id" text constraint "book_author_id_foreign" references "library"."author" ("id") on delete set null, "metadata" jsonb,
      "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "deleted_at" timestamptz(3),
      constraint "book_isbn_unique" unique ("isbn"))`)
    this.addSql(
      `create index "book_search_index" on "library"."book" using gin (to_tsvector('simple'::regconfig, coalesce("title", '') || ' ' || coalesce("blurb", '')))`,
    )
    this.addSql(`create table "library"."chapter" ("id" text not null primary key, "heading" text not null, "rank" int not null default 0,
      "book_id" text not null constraint "chapter_book_id_foreign" references "library"."book" ("id") on delete cascade, "deleted_at" timestamptz(3))`)
    this.addSql(`create index "chapter_book_id_index" on "library"."chapter" ("book_id")`)
    this.addSql(`create table "library"."topic" ("id" text not null primary key, "name" text not null)`)
    this.addSql(`create table "library"."book_topic" ("book_id" text not null constraint "book_topic_book_id_foreign" references "library"."book" ("id") on delete cascade on update cascade,
      "topic_id" text not null constraint "book_topic_topic_id_foreign" references "library"."topic" ("id") on delete cascade on update cascade, primary key ("book_id", "topic_id"))`)
  }
  override down(): void {
    for (const table of ["book_topic", "topic", "chapter", "book", "author"])
      this.addSql(`drop table "library"."${table}"`)
  }
}

class CreateShelves extends Migration {
  override name = "20260101000000_create-shelves"
  override up(): void {
    this.addSql(`create table "storage"."shelf" ("id" text not null primary key, "label" text not null)`)
  }
}

export const bookResource = defineResource("book", Book, { search: ["title", "blurb", "chapters.heading"] })
export const authorResource = defineResource("author", Author, { private: ["secret"] })
export const chapterResource = defineResource("chapter", Chapter)
export const topicResource = defineResource("topic", Topic)
export const shelfResource = defineResource("shelf", Shelf)

export const libraryModule = defineModule({
  name: "library",
  entities: [Author, Book, Chapter, Topic],
  migrations: [CreateBooks],
  resources: [bookResource, authorResource, chapterResource, topicResource],
  register: () => {},
})
export const storageModule = defineModule({
  name: "storage",
  entities: [Shelf],
  migrations: [CreateShelves],
  resources: [shelfResource],
  register: () => {},
})
export const bookShelf = link(bookResource, shelfResource, { as: "shelves", inverse: "books" })
void Collection
