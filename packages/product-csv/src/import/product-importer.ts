import { ModuleError, parse } from "@marquetry/kernel"
import type { ProductDraft, Reading, Refusal } from "../product-draft.ts"
import { BatchWriter, type BatchServices, type WatchBatch } from "./batch-writer.ts"
import { findProducts } from "./find-products.ts"
import { planAfresh, Statistics } from "./planner.ts"
import { PricingRules } from "./price-draft.ts"

/** How an import goes about it. */
export interface ImportOptions {
  /**
   * Currencies that prices are made in, for a file that names none. Prices in other currencies, with rules or for tiers
   * are left alone.
   */
  readonly prices?: PricingRules
  /** Where the products are sold from now on, besides where they are sold already. */
  readonly salesChannelIds?: readonly string[]
  /** Where products that are made are sold, unless the file says. */
  readonly newProductChannelIds?: readonly string[]
  /** Stops it between two batches: what aborted it is thrown. */
  readonly signal?: AbortSignal
  /** Products per transaction, from 1 to 1,000, which it is unless said. Many variants make a batch smaller. */
  readonly batchSize?: number
  /** Looks at the products of each batch before and after it is written. */
  readonly watch?: WatchBatch
  /** Called after each batch. */
  readonly onProgress?: (summary: ImportSummary) => void
}

/** A file has amounts that are of no currency, and nobody said which. Nothing of it was taken. */
export class CurrencyMissing extends ModuleError {
  readonly code = "import.currency_missing"
  readonly kind = "invalid"
  constructor() {
    super("The file does not say which currency its prices are in: name one to take them in")
  }
}

/** What an import of a file would do. */
export interface ImportPreview {
  /** Products that there are not yet. */
  readonly toCreate: number
  /** Products that there are, whether the file changes them or not. */
  readonly toUpdate: number
  /** What the file alone says cannot be taken. */
  readonly refusals: readonly Refusal[]
}

/** What became of a file. */
export interface ImportSummary {
  readonly created: number
  readonly updated: number
  /** As the file says already. */
  readonly unchanged: number
  /** Of products that were made or changed. */
  readonly variants: number
  readonly refusals: readonly Refusal[]
}

const MAX_BATCH = 1_000
/** Variants decide how much memory a batch takes. */
const MAX_VARIANTS = 5_000

/**
 * Takes products in, by id or handle: those that are new are made, those that differ are changed, those that are as the file
 * says stay untouched. Each batch is one transaction; a product that the shop refuses is reported, and the others of its
 * batch are taken.
 */
export class ProductImporter {
  readonly #services: BatchServices

  constructor(services: BatchServices) {
    this.#services = services
  }

  /**
   * Reads to the end and writes as it goes, in steady memory.
   *
   * @throws {CurrencyMissing}, whatever the reader throws for a file that it cannot read at all, and errors of the
   *   database.
   */
  async run(readings: AsyncIterable<Reading>, options: ImportOptions = {}): Promise<ImportSummary> {
    const prices = parse(PricingRules, options.prices ?? [])
    const size = Math.min(Math.max(Math.trunc(options.batchSize ?? MAX_BATCH), 1), MAX_BATCH)
    const { salesChannelIds = [], newProductChannelIds = [] } = options
    const rules = { prices, salesChannelIds, newProductChannelIds, watch: options.watch }
    const writer = new BatchWriter(this.#services, rules)
    const total = { created: 0, updated: 0, unchanged: 0, variants: 0, refusals: [] as Refusal[] }
    const statistics = new Statistics(this.#services.database)
    for await (const batch of batchesOf(readings, size, total.refusals)) {
      options.signal?.throwIfAborted()
      if (prices.length === 0 && batch.some(hasBarePrices)) throw new CurrencyMissing()
      await this.#write(writer, batch, total)
      await statistics.keepUp(total.created, false)
      options.onProgress?.(total)
    }
    await statistics.keepUp(total.created, true)
    return total
  }

  /**
   * Reads to the end and writes nothing. Throws as {@link run} does.
   *
   * @param options those that the import will have.
   */
  async preview(readings: AsyncIterable<Reading>, options: Pick<ImportOptions, "prices"> = {}): Promise<ImportPreview> {
    const prices = parse(PricingRules, options.prices ?? [])
    const total = { toCreate: 0, toUpdate: 0, refusals: [] as Refusal[] }
    for await (const batch of batchesOf(readings, MAX_BATCH, total.refusals)) {
      if (prices.length === 0 && batch.some(hasBarePrices)) throw new CurrencyMissing()
      const existing = await findProducts(this.#services.query, batch, { id: true, handle: true })
      const known = new Set(existing.flatMap(({ id, handle }) => [id, handle]))
      const toUpdate = batch.filter(({ id, handle }) => known.has(id ?? "") || known.has(handle ?? "")).length
      total.toUpdate += toUpdate
      total.toCreate += batch.length - toUpdate
    }
    return total
  }

  /** Writes a batch; when the shop refuses it, each half, until what is refused stands alone. */
  async #write(writer: BatchWriter, drafts: readonly ProductDraft[], total: Total): Promise<void> {
    if (drafts.length === 0) return
    try {
      const { database } = this.#services
      const done = await database.transaction(async () => {
        await planAfresh(database)
        return writer.write(drafts)
      })
      total.created += done.created
      total.updated += done.updated
      total.unchanged += done.unchanged
      total.variants += done.variants
      total.refusals.push(...done.refusals)
    } catch (error) {
      if (!ModuleError.is(error) || error.kind === "unavailable") throw error
      if (drafts.length === 1) {
        const { line, handle } = drafts[0] as ProductDraft
        total.refusals.push({
          line,
          handle,
          code: "import.refused_by_shop",
          reason: error.message,
        })
        return
      }
      const middle = Math.ceil(drafts.length / 2)
      await this.#write(writer, drafts.slice(0, middle), total)
      await this.#write(writer, drafts.slice(middle), total)
    }
  }
}

interface Total {
  created: number
  updated: number
  unchanged: number
  variants: number
  readonly refusals: Refusal[]
}

const hasBarePrices = ({ variants }: ProductDraft) =>
  variants.some(({ price }) => price !== undefined && price !== null)

/** Drafts in batches of at most that many products; refusals are put aside. */
async function* batchesOf(
  readings: AsyncIterable<Reading>,
  size: number,
  refusals: Refusal[],
): AsyncGenerator<readonly ProductDraft[]> {
  let batch: ProductDraft[] = []
  let variants = 0
  for await (const reading of readings) {
    if ("refusal" in reading) {
      refusals.push(reading.refusal)
      continue
    }
    const { draft } = reading
    if (batch.length === size || (batch.length > 0 && variants + draft.variants.length > MAX_VARIANTS)) {
      yield batch
      batch = []
      variants = 0
    }
    batch.push(draft)
    variants += draft.variants.length
  }
  if (batch.length > 0) yield batch
}
