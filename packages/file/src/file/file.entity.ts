import { defineEntity, id, p, searchIndex, timestamps } from "@marquetry/kernel"
import { accesses } from "./file.schema.ts"

const FileTable = defineEntity({
  name: "File",
  indexes: [searchIndex("file", "file", ["filename"])],
  // A key first: whoever has one need not know whose it is.
  uniques: [{ name: "file_key_unique", properties: ["key", "providerId"] }],
  properties: {
    id: id("file"),
    /** As whoever uploaded it called it, without folders. */
    filename: p.text(),
    mimeType: p.text(),
    /** In bytes. */
    size: p.bigint("number"),
    /** `public`: whoever knows the URL may fetch it. */
    access: p.enum(accesses),
    providerId: p.text(),
    /** Where the provider keeps it. */
    key: p.text(),
    /** Of public files. */
    url: p.text().strictNullable().default(null),
    /** Permissions, in words of whoever grants them: to read a private file takes any of these; nothing beyond that, if there are none. */
    readableWith: p.array().default([]),
    /** Id of the user who uploaded it. */
    createdBy: p.text().strictNullable().default(null),
    ...timestamps,
  },
})

/** Something that was uploaded, and is there: a row is written after its content, and deleted before it. */
export class File extends FileTable.class {}
FileTable.setClass(File)
