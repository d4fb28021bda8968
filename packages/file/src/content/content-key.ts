import { randomBytes } from "node:crypto"
import type { FileAccess } from "../file/file.schema.ts"
import { extensionFor } from "./content-type.ts"

const FORM = /^(public|private)\/[a-z0-9][a-z0-9._-]{0,199}$/

/** Whether a text may be a key of ours: one folder, one name, nothing that leads elsewhere. */
export const isKey = (text: string): boolean => FORM.test(text)

/** What a key says of who may fetch it. */
export const isPublic = (key: string): boolean => key.startsWith("public/")

/**
 * Where a provider keeps a file: `public/01k…-<random>-blue-shirt.png`. The ULID of the file's id keeps keys apart and in
 * order of time; 80 random bits more keep them from being guessed, which ULIDs of one millisecond do not. The name is for
 * people who look at a bucket.
 */
export function newKey(id: string, file: { access: FileAccess; filename: string; mimeType: string }): string {
  const ulid = id.slice(id.lastIndexOf("_") + 1).toLowerCase()
  const stem = file.filename.replace(/\.[^.]*$/, "").normalize("NFKD")
  const slug = stem
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
  const name = slug.replaceAll(/^-|-$/g, "") || "file"
  const extension = extensionFor(file.mimeType, file.filename)
  return `${file.access}/${ulid}-${randomBytes(10).toString("hex")}-${name}${extension}`
}
