import type { Readable } from "node:stream"
import {
  InvalidInput,
  NotFound,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { adopt, disown, findClaim, restrict, type ArrivedContent } from "../content/content-rows.ts"
import { LEASE, type Announced, type Claim, type ContentStore, type Removed } from "../content/content-store.ts"
import type { ContentAnswer, ContentRequest, UploadTarget } from "../provider/file-provider.ts"
import { ContentMissing } from "../provider/provider.errors.ts"
import type { FileProviders } from "../provider/providers.ts"
import type { File } from "./file.entity.ts"
import { NotReadable, NotUploaded, SizeDiffers, TooLarge, TypeRefused } from "./file.errors.ts"
import { FileCreated, FileDeleted } from "./file.events.ts"
import { fileResource } from "./file.resources.ts"
import { PresignUpload, UploadFile, UploadFiles } from "./file.schema.ts"

const view = { "*": true } as const
/** Files that are uploaded together. */
const MAX_TOGETHER = 100

export type FileView = Selected<File, typeof view>

/** Decides whether somebody may read a file: see {@link FileView}'s `readableWith`. */
export type MayRead = (file: FileView) => boolean

/** The shop itself, and hosts that decide elsewhere. */
const anybody: MayRead = () => true

/** Where to send a file: by `PUT`, with these headers, before it expires. Then {@link FileService.confirm} its key. */
export interface PresignedUpload extends UploadTarget {
  readonly key: string
  readonly filename: string
  readonly mimeType: string
  readonly size: number
  readonly expiresAt: string
}

/** What the service is told by the configuration. */
export interface FileSettings {
  readonly providers: FileProviders
  /** In bytes. */
  readonly maxSize: number
  /** `image/png`, `image/*`; all when empty. */
  readonly allowedTypes: readonly string[]
  /** Seconds that URLs are good for. */
  readonly uploadLifetime: number
  readonly downloadLifetime: number
}

/** What was uploaded. Content is kept by providers, which are never called in a transaction. */
export class FileService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query
  readonly #store: ContentStore
  readonly #settings: FileSettings

  constructor(db: Database, events: Events, query: Query, store: ContentStore, settings: FileSettings) {
    this.#db = db
    this.#events = events
    this.#query = query
    this.#store = store
    this.#settings = settings
  }

  /**
   * Stores content as it comes, never as a whole in memory, and makes it a file once it is all there. When it fails, by the
   * content's own fault too, nothing is kept.
   *
   * @throws {TooLarge} {@link TypeRefused} {@link SizeDiffers} {@link ProviderUnavailable} {@link InvalidInput}
   */
  async upload(input: UploadFile): Promise<FileView> {
    const [made] = await this.uploadMany([input])
    return made as FileView
  }

  /** All of them or none, four at once, in four statements whatever their number; answered in order. Throws as {@link upload}. */
  async uploadMany(inputs: UploadFiles): Promise<FileView[]> {
    const files = parse(UploadFiles, inputs)
    if (files.length === 0) return []
    this.#assertOutside()
    for (const file of files) this.#assertTaken(file)
    const claims = await this.#store.claim(files)
    return this.#orNone(claims, async () => {
      const contents = files.map(({ content }) => content)
      return this.#adopt(await this.#store.putMany(claims, contents))
    })
  }

  /**
   * Like {@link uploadMany}, for files that come one after the other, such as the parts of a form: each is stored before the
   * next one is asked for. One statement for each, and three.
   */
  async uploadEach(inputs: AsyncIterable<UploadFile>): Promise<FileView[]> {
    this.#assertOutside()
    const claims: Claim[] = []
    return this.#orNone(claims, async () => {
      const arrived: ArrivedContent[] = []
      for await (const input of inputs) {
        const file = parse(UploadFile, input)
        this.#assertTaken(file)
        if (claims.length === MAX_TOGETHER) throw new InvalidInput([{ path: [], message: "100 files at most" }])
        const [claim] = (await this.#store.claim([file])) as [Claim]
        claims.push(claim)
        arrived.push(await this.#store.put(claim, file.content))
      }
      return arrived.length === 0 ? [] : this.#adopt(arrived)
    })
  }

  /**
   * A URL by which whoever has a file sends it past the shop. It is no file before it is confirmed; what nobody confirms
   * within a day is removed.
   *
   * @throws {TooLarge} {@link TypeRefused} {@link InvalidInput}
   */
  async presignUpload(input: PresignUpload): Promise<PresignedUpload> {
    const file = parse(PresignUpload, input)
    this.#assertOutside()
    this.#assertTaken(file)
    const expiresIn = this.#settings.uploadLifetime
    const expiresAt = new Date(Date.now() + expiresIn * 1_000).toISOString()
    const [{ key }] = (await this.#store.claim([file])) as [Claim]
    const target = await this.#settings.providers.main.presignUpload({ ...file, key, expiresIn })
    const { filename, mimeType, size } = file
    return { ...target, key, filename, mimeType, size, expiresAt }
  }

  /**
   * Makes a file of what was sent to a presigned URL, once it is there and as large as it was said to be. A key that was
   * confirmed already answers the same file.
   *
   * @throws {NotUploaded} {@link SizeDiffers} {@link NotFound} {@link ProviderUnavailable}
   */
  async confirm(key: string): Promise<FileView> {
    this.#assertOutside()
    const claim = await findClaim(this.#db, key)
    if (claim === undefined) return this.#confirmed(key)
    const { id, providerId, access } = claim
    const provider = this.#settings.providers.get(providerId)
    const size = await provider.sizeOf(key)
    if (size === null) throw new NotUploaded(key)
    if (claim.size !== null && size !== claim.size) throw new SizeDiffers(claim.size, size)
    const url = access === "public" ? provider.urlOf(key) : null
    const [made] = await this.#adoptThose([{ id, size, url }])
    return made ?? this.#confirmed(key)
  }

  /**
   * Deletes a file for good: first the row, then the content. The other way round, a crash between the two would leave a file
   * that answers and cannot be fetched; this way it leaves content that is on record as due, and {@link removeUnclaimed}
   * removes it. The same goes for a provider that is away. Called in a transaction, content
   * goes once that has committed.
   *
   * @throws {NotFound}
   */
  async delete(id: string): Promise<void> {
    const isLater = this.#db.inTransaction
    const content = await this.#db.transaction(async () => {
      const gone = await disown(this.#db, id, LEASE)
      if (gone === undefined) throw new NotFound("File", id)
      await this.#events.emit(FileDeleted, { id, url: gone.url })
      return gone
    })
    // Nobody waits for it then: should it fail, it is due once the lease is over.
    if (isLater) this.#db.afterCommit(() => void this.#store.remove([content]).catch(() => {}))
    else await this.#store.remove([content])
  }

  /**
   * Removes content that no file names any more, or that became none within a day. To be called now and then, by a job;
   * several processes may at once.
   *
   * @param limit how many at most.
   */
  async removeUnclaimed(limit = 100): Promise<Removed> {
    this.#assertOutside()
    return this.#store.removeDue(limit)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<FileView> {
    return this.#query.get(fileResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<File> } = {}): Promise<Page<FileView>> {
    return this.#query.list(fileResource, { ...options, fields: view })
  }

  /**
   * Says which permissions reading a private file takes, any of them, once it is known what it holds. What was said before
   * stays.
   */
  async restrict(id: string, readableWith: readonly string[]): Promise<void> {
    await restrict(this.#db, id, readableWith)
  }

  /** A file, for those who may read it. @throws {NotFound} {@link NotReadable} */
  async getReadable(id: string, mayRead: MayRead): Promise<FileView> {
    const file = await this.get(id)
    if (!mayRead(file)) throw new NotReadable(file)
    return file
  }

  /** A file and its content, as a stream that must be read or destroyed. @throws {NotFound} {@link ContentMissing} {@link ProviderUnavailable} */
  async read(id: string): Promise<{ file: FileView; content: Readable }> {
    this.#assertOutside()
    const file = await this.get(id)
    return { file, content: await this.#settings.providers.get(file.providerId).get(file.key) }
  }

  /** Where a file can be fetched: a public one for good, a private one for a while. @throws {NotFound} */
  async downloadUrl(id: string): Promise<string> {
    this.#assertOutside()
    return this.#urlOf(await this.get(id))
  }

  /** The same of several, by id, in one statement. Those that are not there, and those that one may not read, are left out. */
  async downloadUrls(ids: readonly string[], mayRead: MayRead = anybody): Promise<ReadonlyMap<string, string>> {
    this.#assertOutside()
    if (ids.length === 0) return new Map()
    const { rows } = await this.list({ filter: { id: [...ids] }, limit: ids.length, count: false })
    const readable = rows.filter((file) => mayRead(file))
    return new Map(await Promise.all(readable.map(async (file) => [file.id, await this.#urlOf(file)] as const)))
  }

  /** Answers a `GET` of a URL that leads to the shop. @throws {ContentMissing} {@link UrlRefused} */
  async serve(request: ContentRequest): Promise<ContentAnswer> {
    return this.#server(request).serve(request)
  }

  /** Takes a `PUT` to a presigned URL that leads to the shop. @throws {ContentMissing} {@link UrlRefused} {@link SizeDiffers} */
  async receive(request: ContentRequest & { readonly content: AsyncIterable<Uint8Array> }): Promise<void> {
    await this.#server(request).receive(request)
  }

  async #urlOf({ url, providerId, key, filename, mimeType }: FileView): Promise<string> {
    if (url !== null) return url
    const expiresIn = this.#settings.downloadLifetime
    return this.#settings.providers.get(providerId).presignDownload({ key, filename, mimeType, expiresIn })
  }

  #server({ key }: ContentRequest) {
    const { server } = this.#settings.providers
    if (server === undefined) throw new ContentMissing(key)
    return server
  }

  #assertOutside(): void {
    if (this.#db.inTransaction) {
      throw new Error("A file provider was called in a transaction, which would wait for it: commit first")
    }
  }

  #assertTaken({ mimeType, size }: Pick<Announced, "mimeType" | "size">): void {
    const { maxSize, allowedTypes } = this.#settings
    const group = `${mimeType.split("/")[0]}/*`
    if (allowedTypes.length > 0 && !allowedTypes.includes(mimeType) && !allowedTypes.includes(group)) {
      throw new TypeRefused(mimeType)
    }
    if (size !== null && size > maxSize) throw new TooLarge(maxSize)
  }

  async #orNone<T>(claims: readonly Claim[], work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      // The first error is the reason; what cannot be removed now is on record, and removed once it is due.
      if (claims.length > 0) await this.#store.giveUp(claims).catch(() => {})
      throw error
    }
  }

  async #adopt(arrived: readonly ArrivedContent[]): Promise<FileView[]> {
    const files = await this.#adoptThose(arrived)
    if (files.length < arrived.length) throw new Error("An upload took longer than a day, and was given up meanwhile")
    return files
  }

  /** Those that are still claimed, in order of id: that of the claims. */
  async #adoptThose(arrived: readonly ArrivedContent[]): Promise<FileView[]> {
    return this.#db.transaction(async () => {
      const ids = await adopt(this.#db, arrived)
      if (ids.length === 0) return []
      await this.#events.emitMany(
        FileCreated,
        ids.map((id) => ({ id })),
      )
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  async #confirmed(key: string): Promise<FileView> {
    const file = await this.#query.find(fileResource, { fields: view, filter: { key } })
    if (file === null) throw new NotFound("Upload", key)
    return file
  }
}
