import { defineEntity, p, timestamps } from "@marquetry/kernel"
import { accesses } from "../file/file.schema.ts"

const UnclaimedContentTable = defineEntity({
  name: "UnclaimedContent",
  uniques: [{ name: "unclaimed_content_key_unique", properties: ["key", "providerId"] }],
  properties: {
    /** That of the file which it will be, or was. */
    id: p.text().primary(),
    filename: p.text(),
    mimeType: p.text(),
    /** As it was announced; `null` when nobody knows before the end. */
    size: p.bigint("number").strictNullable().default(null),
    access: p.enum(accesses),
    providerId: p.text(),
    key: p.text(),
    readableWith: p.array().default([]),
    createdBy: p.text().strictNullable().default(null),
    /** Whether it is being removed: it becomes no file any more. */
    isDoomed: p.boolean().default(false),
    /** When somebody looks whether it must be removed. */
    dueAt: p.datetime(3).index("unclaimed_content_due_at_index"),
    ...timestamps,
  },
})

/** Content that a provider may have and no file names: not yet, or not any more. So nothing is kept that nobody knows of. */
export class UnclaimedContent extends UnclaimedContentTable.class {}
UnclaimedContentTable.setClass(UnclaimedContent)
