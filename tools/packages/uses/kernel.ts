import { defineEntity, defineModule, defineResource, id, Migration, p, start } from "@marquetry/kernel"

const NoteTable = defineEntity({ name: "Note", properties: { id: id("note"), text: p.text() } })
class Note extends NoteTable.class {}
NoteTable.setClass(Note)

class CreateNotes extends Migration {
  override name = "20260101000000_create-notes"
  override up(): void {
    this.addSql(`create table "notes"."note" ("id" text not null, "text" text not null, primary key ("id"))`)
  }
}

const notes = defineResource("note", Note)
const notesModule = defineModule({
  name: "notes",
  entities: [Note],
  migrations: [CreateNotes],
  resources: [notes],
  register: () => {},
})

async function main(): Promise<void> {
  const { database, query, migrate, close } = await start(
    notesModule,
    { database: process.env["DATABASE_URL"] },
    () => ({}),
  )
  await migrate()
  await database.transaction(async (em) => {
    em.create(Note, { text: "written" })
    await em.flush()
  })
  const { rows, count } = await query.list(notes, { fields: { text: true } })
  const text: string | undefined = rows[0]?.text
  await close()
  if (text !== "written" || count !== 1) throw new Error(`Read ${text}, ${count}`)
  console.log("ok")
}

void main()
