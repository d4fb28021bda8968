import { ModuleError, type Database } from "@marquetry/kernel"
import { BatchWriter, type BatchServices } from "./batch-writer.ts"
import type { ProductDraft, Reading, Refusal } from "./product-draft.ts"
import { priceDraft, PricingRules } from "./price-draft.ts"
import { parse } from "@marquetry/kernel"

/** How an import goes about it. */
export interface ImportOptions {
  /** Currencies that prices are made in; the first is the file's own unless a factor says otherwise. */
  readonly prices: PricingRules
  /** Where products that are made are sold; those that there are keep their channels too. */
  readonly salesChannelIds?: readonly string[]
  /** Products per transaction, from 1 to 1,000; 500 unless said. */
  readonly batchSize?: number
  /** Called after each batch. */
  readonly onProgress?: (summary: ImportSummary) => void
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

const DEFAULT_BATCH = 500
const MAX_BATCH = 1_000

/**
 * Takes products in, by handle: those that are new are made, those that differ are changed, those that are as the file
 * says stay untouched. Each batch is one transaction; a product that the shop refuses is reported, and the others of its
 * batch are taken.
 */
export class ProductImporter {
  readonly #db: Database
  readonly #services: BatchServices

  constructor(db: Database, services: BatchServices) {
    this.#db = db
    this.#services = services
  }

  /**
   * Reads to the end and writes as it goes, in steady memory.
   *
   * @throws whatever the reader throws for a file that it cannot read at all, and errors of the database.
   */
  async run(readings: AsyncIterable<Reading>, options: ImportOptions): Promise<ImportSummary> {
    const rules = parse(PricingRules, options.prices)
    const size = Math.min(Math.max(Math.trunc(options.batchSize ?? DEFAULT_BATCH), 1), MAX_BATCH)
    const writer = new BatchWriter(this.#services, options.salesChannelIds ?? [])
    const total = { created: 0, updated: 0, unchanged: 0, variants: 0, refusals: [] as Refusal[] }
    let batch: ProductDraft[] = []
    const write = async (): Promise<void> => {
      await this.#write(writer, batch, rules, total)
      batch = []
      options.onProgress?.(total)
    }
    for await (const reading of readings) {
      if ("refusal" in reading) total.refusals.push(reading.refusal)
      else if (batch.push(reading.draft) >= size) await write()
    }
    if (batch.length > 0) await write()
    return total
  }

  /** Writes a batch; when the shop refuses it, each half, until what is refused stands alone. */
  async #write(
    writer: BatchWriter,
    drafts: readonly ProductDraft[],
    rules: PricingRules,
    total: { created: number; updated: number; unchanged: number; variants: number; refusals: Refusal[] },
  ): Promise<void> {
    if (drafts.length === 0) return
    try {
      const priced = drafts.map((draft) => ({ draft, prices: priceDraft(draft, rules) }))
      const done = await this.#db.transaction(() => writer.write(priced))
      total.created += done.created
      total.updated += done.updated
      total.unchanged += done.unchanged
      total.variants += done.variants
    } catch (error) {
      if (!ModuleError.is(error) || error.kind === "unavailable") throw error
      if (drafts.length === 1) {
        const { line, handle } = drafts[0] as ProductDraft
        total.refusals.push({ line, handle, code: "import.refused_by_shop", reason: error.message })
        return
      }
      const middle = Math.ceil(drafts.length / 2)
      await this.#write(writer, drafts.slice(0, middle), rules, total)
      await this.#write(writer, drafts.slice(middle), rules, total)
    }
  }
}
