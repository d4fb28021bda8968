import { Readable } from "node:stream"
import { newId, type Database } from "@marquetry/kernel"
import type { z } from "zod"
import type { FileContent, PresignUpload } from "../file/file.schema.ts"
import { isAway } from "../provider/provider.errors.ts"
import type { FileProviders } from "../provider/providers.ts"
import { newKey } from "./content-key.ts"
import { claimDue, doom, forget, type ArrivedContent, type KeptContent } from "./content-rows.ts"
import { metered } from "./metered.ts"
import { UnclaimedContent } from "./unclaimed-content.entity.ts"

/** A file to be, as it was announced. */
export type Announced = Omit<z.output<typeof PresignUpload>, "size"> & { readonly size: number | null }

/** A file to be, with its place. */
export interface Claim extends Announced, KeptContent {}

/** What {@link ContentStore.removeDue} came to. */
export interface Removed {
  /** Ids of the files whose content is gone. */
  readonly removed: readonly string[]
  /** Ids of those whose provider could not be reached, or is not configured any more: they stay due. */
  readonly failed: readonly string[]
}

/** Seconds in which an upload must be done, and after which nobody waits for it. */
const UPLOAD = 86_400
/** Seconds in which whoever removes content has done it, or somebody else does. */
export const LEASE = 600
/** Stores at once no more than that. */
const AT_ONCE = 4

/**
 * Brings content to providers and removes it, so that a crash at any point leaves none that nobody knows of: what shall be
 * there is written down before it is, and what shall go is struck off after it has gone.
 */
export class ContentStore {
  readonly #db: Database
  readonly #providers: FileProviders
  /** In bytes, of one file. */
  readonly #maxSize: number

  constructor(db: Database, providers: FileProviders, maxSize: number) {
    this.#db = db
    this.#providers = providers
    this.#maxSize = maxSize
  }

  /** Writes down what is about to be stored, any number in one statement. */
  async claim(files: readonly Announced[]): Promise<Claim[]> {
    const dueAt = new Date(Date.now() + UPLOAD * 1_000)
    const claims = files.map((file) => {
      const { filename, mimeType, size, access, readableWith, createdBy } = file
      const id = newId("file")
      const providerId = this.#providers.main.id
      return { id, providerId, key: newKey(id, file), filename, mimeType, size, access, readableWith, createdBy }
    })
    await this.#db.insertRows(
      UnclaimedContent,
      claims.map((claim) => ({ ...claim, dueAt })),
    )
    return claims
  }

  /** Stores content under its claim. @throws {TooLarge} {@link SizeDiffers} {@link ProviderUnavailable} what the content fails with. */
  async put(claim: Claim, content: FileContent): Promise<ArrivedContent> {
    const { id, key, access } = claim
    const meter = metered(content, this.#maxSize, claim.size)
    try {
      await this.#providers.main.put({ ...claim, content: meter.stream })
    } catch (error) {
      discard([content])
      throw meter.fault ?? error
    }
    return { id, size: meter.size, url: access === "public" ? this.#providers.main.urlOf(key) : null }
  }

  /** Like {@link put}, a few at once; answered in order. When one fails the others are waited for: they may be stored or not. */
  async putMany(claims: readonly Claim[], contents: readonly FileContent[]): Promise<ArrivedContent[]> {
    const arrived: ArrivedContent[] = []
    let hasFailed = false
    const waiting = claims.entries()
    const work = async () => {
      for (const [index, claim] of waiting) {
        if (hasFailed) return
        arrived[index] = await this.put(claim, contents[index] as FileContent).catch((error: unknown) => {
          hasFailed = true
          throw error
        })
      }
    }
    const results = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, claims.length) }, work))
    const failure = results.find(({ status }) => status === "rejected") as PromiseRejectedResult | undefined
    if (failure === undefined) return arrived
    discard(contents)
    throw failure.reason
  }

  /** Removes what was stored, or half of it, under claims that come to nothing. */
  async giveUp(claims: readonly Claim[]): Promise<void> {
    const ids = claims.map(({ id }) => id)
    await this.remove(await doom(this.#db, ids, LEASE))
  }

  /** Removes content that no file names any more. What a provider cannot do now stays due. */
  async remove(contents: readonly KeptContent[]): Promise<Removed> {
    const removed: string[] = []
    const failed: string[] = []
    for (const [providerId, group] of Map.groupBy(contents, ({ providerId }) => providerId)) {
      const ids = group.map(({ id }) => id)
      try {
        await this.#providers.get(providerId).delete(group.map(({ key }) => key))
        await forget(this.#db, ids)
        removed.push(...ids)
      } catch (error) {
        if (!isAway(error)) throw error
        failed.push(...ids)
      }
    }
    return { removed, failed }
  }

  /** Removes what is due: left by crashes, by providers that were away, and by uploads that nobody has finished. */
  async removeDue(limit: number): Promise<Removed> {
    return this.remove(await claimDue(this.#db, this.#providers.ids, limit, LEASE))
  }
}

/** Streams that nobody reads any more would stay open. */
function discard(contents: readonly FileContent[]): void {
  for (const content of contents) if (content instanceof Readable) content.destroy()
}
