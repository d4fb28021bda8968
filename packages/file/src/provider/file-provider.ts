import type { Readable } from "node:stream"
import type { FileAccess } from "../file/file.schema.ts"

/** Content that a provider shall keep. */
export interface ContentToKeep {
  /** `public/` or `private/`, and a name of lower-case letters, digits, `.`, `_` and `-`: never used twice. */
  readonly key: string
  readonly filename: string
  readonly mimeType: string
  readonly access: FileAccess
  /** To be read as it comes, never as a whole. It fails when it is too large, or when its sender goes away. */
  readonly content: Readable
  /** In bytes, where it is known before. */
  readonly size: number | null
}

/** An upload that somebody else will make. */
export interface UploadToPresign {
  readonly key: string
  readonly filename: string
  readonly mimeType: string
  readonly access: FileAccess
  /** In bytes: no more and no fewer may be sent. */
  readonly size: number
  /** Seconds. */
  readonly expiresIn: number
}

export interface DownloadToPresign {
  readonly key: string
  /** What it is saved as. */
  readonly filename: string
  readonly mimeType: string
  /** Seconds. */
  readonly expiresIn: number
}

/** Where to send content by `PUT`, and the headers that must be sent with it. */
export interface UploadTarget {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** A request for one of the URLs of a provider that has them lead to the shop itself. */
export interface ContentRequest {
  /** What follows the provider's base URL in the path, decoded: a key, if it is one. */
  readonly key: string
  readonly query: Readonly<Record<string, unknown>>
}

/** An answer to such a request. */
export interface ContentAnswer {
  readonly content: Readable
  /** In bytes. */
  readonly size: number
  readonly headers: Readonly<Record<string, string>>
}

/** For providers whose URLs lead to the shop: what its routes pass on. */
export interface ContentServer {
  /** Answers a `GET`. @throws {ContentMissing} {@link UrlRefused} */
  serve(request: ContentRequest): Promise<ContentAnswer>
  /** Takes a `PUT` to a presigned URL, once. @throws {UrlRefused} {@link SizeDiffers} */
  receive(request: ContentRequest & { readonly content: AsyncIterable<Uint8Array> }): Promise<void>
}

/**
 * Keeps the content of files: the extension point for storage services.
 *
 * It is never called inside a transaction. It keeps nothing in memory: every call may come in another process. It throws
 * `ProviderUnavailable` when it could not do what it was asked, and `ContentMissing` where there is nothing to fetch; other
 * errors are bugs. For the database's own bytes, write a module; for another place that has an API, write one of these.
 */
export interface FileProvider {
  /** Permanent: rows name it. */
  readonly id: string
  /**
   * When a file is uploaded through the shop. Once it resolves, the content is there as a whole, and outlives a crash;
   * when it rejects, or never comes back, no one can fetch a part of it.
   */
  put(file: ContentToKeep): Promise<void>
  /** When somebody reads a file through the shop. @throws {ContentMissing} */
  get(key: string): Promise<Readable>
  /** When an upload that was presigned is said to be done: how many bytes there are; `null` when there is nothing. */
  sizeOf(key: string): Promise<number | null>
  /** When files were deleted, or uploads given up. What is not there is done. May be called again for the same keys. */
  delete(keys: readonly string[]): Promise<void>
  /** Where anybody fetches a public file, for good. Asks nobody. */
  urlOf(key: string): string
  /** When somebody wants to send a file past the shop. The URL takes one file of that size and type, for a while. */
  presignUpload(upload: UploadToPresign): Promise<UploadTarget>
  /** When somebody may fetch a private file: a URL that is good for a while. */
  presignDownload(download: DownloadToPresign): Promise<string>
  /** Left out by those whose URLs lead elsewhere. One provider of a shop may have it. */
  readonly server?: ContentServer
}
