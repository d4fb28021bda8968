import { Readable } from "node:stream"
import { buffer } from "node:stream/consumers"
import type { UploadFile } from "./file/file.schema.ts"
import type { FileProvider } from "./provider/file-provider.ts"
import { ContentMissing } from "./provider/provider.errors.ts"

/** A public picture of a few bytes, which are none of a picture. */
export const aFile = (overrides: Partial<UploadFile> = {}): UploadFile => ({
  filename: "shirt.png",
  mimeType: "image/png",
  access: "public",
  content: Buffer.from("a picture"),
  ...overrides,
})

/** A provider that keeps files in memory. */
export interface MemoryFiles extends FileProvider {
  /** By key. What is put there by hand, others have sent to a presigned URL. */
  readonly contents: Map<string, Buffer>
  /** What happens before the next calls: throw, to make them fail. */
  before: ((call: "put" | "get" | "sizeOf" | "delete") => void | Promise<void>) | undefined
}

export function memoryFiles(id = "memory"): MemoryFiles {
  const base = `https://${id}.example`
  const provider: MemoryFiles = {
    id,
    contents: new Map(),
    before: undefined,
    async put({ key, content }) {
      await provider.before?.("put")
      provider.contents.set(key, await buffer(content))
    },
    async get(key) {
      await provider.before?.("get")
      const content = provider.contents.get(key)
      if (content === undefined) throw new ContentMissing(key)
      return Readable.from([content])
    },
    async sizeOf(key) {
      await provider.before?.("sizeOf")
      return provider.contents.get(key)?.byteLength ?? null
    },
    async delete(keys) {
      await provider.before?.("delete")
      for (const key of keys) provider.contents.delete(key)
    },
    urlOf: (key) => `${base}/${key}`,
    presignUpload: async ({ key, mimeType }) => ({ url: `${base}/${key}?put`, headers: { "content-type": mimeType } }),
    presignDownload: async ({ key, expiresIn }) => `${base}/${key}?expires=${expiresIn}`,
  }
  return provider
}
