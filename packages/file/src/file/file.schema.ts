import { z } from "zod"

export const accesses = ["public", "private"] as const

/** `public`: whoever knows the URL may fetch it. `private`: only by a URL that was signed for a while. */
export type FileAccess = (typeof accesses)[number]

/** Bytes, at once or as they come: a `Buffer`, a stream of Node's or of the web. */
export type FileContent = Uint8Array | AsyncIterable<Uint8Array>

const isContent = (value: unknown): boolean =>
  value instanceof Uint8Array || (typeof value === "object" && value !== null && Symbol.asyncIterator in value)

/** Folders, and characters that are not seen or turn the others round, are no part of a name. */
const bareName = (filename: string): string =>
  (filename.split(/[/\\]/).at(-1) ?? "").replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").trim()

const isName = (filename: string): boolean => filename !== "." && filename !== ".."

const described = {
  filename: z
    .string()
    .max(2_000)
    .transform(bareName)
    .pipe(z.string().min(1).max(255).refine(isName, "the name of a file")),
  /** Without parameters: of `text/csv; charset=utf-8` the first half. */
  mimeType: z
    .string()
    .max(200)
    .transform((type) => (type.split(";")[0] ?? "").trim().toLowerCase())
    .pipe(z.string().regex(/^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/, "a type such as image/png"))
    .default("application/octet-stream"),
  access: z.enum(accesses).default("private"),
  /** Permissions, any of which reading it takes while it is private. */
  readableWith: z.array(z.string().min(1).max(200)).max(20).default([]),
  /** Id of the user who uploads it. */
  createdBy: z.string().max(200).nullable().default(null),
}
const size = z.int().min(0)

export const UploadFile = z.strictObject({
  ...described,
  content: z.custom<FileContent>(isContent, "bytes, or a stream of them"),
  /** In bytes, where it is known before; the content must have as many. */
  size: size.nullable().default(null),
})
export const UploadFiles = z.array(UploadFile).max(100)
/** A file that whoever has it sends to the provider by themselves. */
export const PresignUpload = z.strictObject({ ...described, size })

export type UploadFile = z.input<typeof UploadFile>
export type UploadFiles = z.input<typeof UploadFiles>
export type PresignUpload = z.input<typeof PresignUpload>
