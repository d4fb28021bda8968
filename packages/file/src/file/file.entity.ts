import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const FileTable = defineEntity({
  name: "File",
  indexes: [
    searchIndex("file", "file", ["name", "description"]),
    {
      name: "file_handle_unique",
      expression: `create unique index "file_handle_unique" on "file"."file" ("handle") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("file"),
    name: p.text(),
    /** Names it in URLs; unique among what is not deleted. */
    handle: p.text(),
    description: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What a file is: say it here, in the words of whoever works with it. */
export class File extends FileTable.class {}
FileTable.setClass(File)
