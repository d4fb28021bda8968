import { randomBytes } from "node:crypto"
import { createWriteStream } from "node:fs"
import { link, mkdir, open, readdir, rm, stat } from "node:fs/promises"
import { basename, join, resolve } from "node:path"
import type { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { parse } from "@marquetry/kernel"
import { z } from "zod"
import { isKey, isPublic } from "../content/content-key.ts"
import { dispositionOf, typeOfKey } from "../content/content-type.ts"
import { metered } from "../content/metered.ts"
import type { ContentAnswer, ContentServer, FileProvider } from "./file-provider.ts"
import { ContentMissing, ProviderUnavailable, UrlRefused } from "./provider.errors.ts"
import { signed, verified, type Grant } from "./signature.ts"

const Options = z.strictObject({
  /** Where files are kept: `public/`, which a web server may serve, `private/`, which it must not, and `incoming/`. */
  directory: z.string().min(1),
  /** Where the shop answers for them: `https://shop.example/static`. */
  baseUrl: z.url({ protocol: /^https?$/ }).regex(/^[^?#]*$/, "a URL without a query"),
  /** Signs URLs; the same in all processes. Who knows it fetches every private file. */
  secret: z.string({ error: "a secret for signing URLs" }).min(32, "the secret has 32 characters at least"),
  /** `local` unless said. */
  id: z.string().default("local"),
})

export type LocalFilesOptions = z.input<typeof Options>

/**
 * Keeps files in a directory of this machine: for development, and for shops of one machine or with a shared volume.
 *
 * Content is written beside, synced, and given its name once it is there as a whole; a name is given once. Its URLs lead to
 * the shop, whose routes pass on to `server`.
 *
 * @throws {InvalidInput} when an option cannot be.
 */
export function localFiles(options: LocalFilesOptions): FileProvider {
  const { directory, baseUrl, secret, id } = parse(Options, options)
  const disk = new Disk(id, resolve(directory))
  const base = baseUrl.replace(/\/+$/, "")
  const urlOf = (key: string) => `${base}/${key}`
  const grantedUrl = (grant: Omit<Grant, "expires">, expiresIn: number) =>
    `${urlOf(grant.key)}?${signed(secret, { ...grant, expires: Math.floor(Date.now() / 1_000) + expiresIn }).toString()}`
  return {
    id,
    urlOf,
    put: ({ key, content }) => disk.write(key, content),
    get: async (key) => (await disk.read(key)).content,
    sizeOf: (key) => disk.sizeOf(key),
    delete: (keys) => disk.delete(keys),
    presignUpload: async ({ key, size, mimeType, expiresIn }) => ({
      url: grantedUrl({ method: "PUT", key, size }, expiresIn),
      headers: { "content-type": mimeType },
    }),
    presignDownload: async ({ key, filename, expiresIn }) => grantedUrl({ method: "GET", key, filename }, expiresIn),
    server: serverOf(disk, secret),
  }
}

function serverOf(disk: Disk, secret: string): ContentServer {
  return {
    serve: async ({ key, query }) => {
      if (!isKey(key)) throw new ContentMissing(key)
      const grant = verified(secret, "GET", key, query)
      if (grant === null && !isPublic(key)) throw new UrlRefused()
      return { ...(await disk.read(key)), headers: headersOf(key, grant?.filename) }
    },
    receive: async ({ key, query, content }) => {
      const { size } = verified(secret, "PUT", key, query) ?? {}
      if (size === undefined) throw new UrlRefused()
      const meter = metered(content, size, size)
      await disk.write(key, meter.stream).catch((error: unknown) => {
        // A name that is there was given by an earlier request with the same URL.
        const isUsed = ((error as Error).cause as { code?: unknown } | undefined)?.code === "EEXIST"
        throw meter.fault ?? (isUsed ? new UrlRefused() : error)
      })
    },
  }
}

function headersOf(key: string, filename: string | undefined): Record<string, string> {
  const type = typeOfKey(key)
  const disposition = dispositionOf(type, filename)
  return {
    "content-type": type,
    "content-disposition": disposition,
    // The type is what we say, and not what the bytes look like.
    "x-content-type-options": "nosniff",
    // What is under a name never changes.
    "cache-control": isPublic(key) ? "public, max-age=31536000, immutable" : "private, no-store",
    ...(disposition.startsWith("inline") ? {} : { "content-security-policy": "sandbox; default-src 'none'" }),
  }
}

/** Files below one directory, by key. */
class Disk {
  readonly #providerId: string
  readonly #root: string

  constructor(providerId: string, root: string) {
    this.#providerId = providerId
    this.#root = root
  }

  async write(key: string, content: Readable): Promise<void> {
    const path = this.#pathOf(key)
    const incoming = join(this.#root, "incoming", `${basename(key)}.${randomBytes(8).toString("hex")}`)
    try {
      await Promise.all([
        mkdir(join(incoming, ".."), { recursive: true }),
        mkdir(join(path, ".."), { recursive: true }),
      ])
      await pipeline(content, createWriteStream(incoming, { flags: "wx", flush: true }))
      // Not renamed, which would replace what is there: of those who come at once one wins.
      await link(incoming, path)
    } catch (error) {
      throw this.#explained(error)
    } finally {
      await rm(incoming, { force: true })
    }
  }

  async read(key: string): Promise<Pick<ContentAnswer, "content" | "size">> {
    const file = await open(this.#pathOf(key)).catch((error: unknown) => {
      throw isAbsent(error) ? new ContentMissing(key, { cause: error }) : this.#explained(error)
    })
    const { size } = await file.stat()
    return { content: file.createReadStream(), size }
  }

  async sizeOf(key: string): Promise<number | null> {
    try {
      return (await stat(this.#pathOf(key))).size
    } catch (error) {
      if (isAbsent(error)) return null
      throw this.#explained(error)
    }
  }

  /** With what was left of attempts to write them. */
  async delete(keys: readonly string[]): Promise<void> {
    const names = new Set(keys.map((key) => basename(key)))
    const incoming = join(this.#root, "incoming")
    try {
      const left = await readdir(incoming).catch((error: unknown) => {
        if (isAbsent(error)) return []
        throw error
      })
      const attempts = left.filter((name) => names.has(name.replace(/\.[^.]*$/, "")))
      const paths = [...keys.map((key) => this.#pathOf(key)), ...attempts.map((name) => join(incoming, name))]
      await Promise.all(paths.map((path) => rm(path, { force: true })))
    } catch (error) {
      throw this.#explained(error)
    }
  }

  /** Keys are ours, and lead nowhere else; this is asked all the same, of every one. */
  #pathOf(key: string): string {
    if (!isKey(key)) throw new TypeError(`"${key}" is no key of a file`)
    return join(this.#root, key)
  }

  /** Errors of the file system: no space, no permission. */
  #explained(error: unknown): unknown {
    const isSystem = error instanceof Error && "syscall" in error
    return isSystem ? new ProviderUnavailable(this.#providerId, error.message, { cause: error }) : error
  }
}

const isAbsent = (error: unknown): boolean => (error as { code?: unknown }).code === "ENOENT"
