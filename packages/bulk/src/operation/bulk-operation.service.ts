import type { FileService } from "@marquetry/file"
import { inventoryItemResource } from "@marquetry/inventory"
import {
  parse,
  type AnyFilter,
  type Database,
  type EntityOf,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { orderResource } from "@marquetry/order"
import { productResource } from "@marquetry/product"
import { readProductCsv, type ProductImporter } from "@marquetry/product-csv"
import type { BulkWorker } from "../work/bulk-worker.ts"
import { defaultsOf } from "../work/shop-defaults.ts"
import { BulkOperation, readableWith, type BulkKind } from "./bulk-operation.entity.ts"
import { ExportCurrencyMissing, NotAwaitingConfirmation } from "./bulk-operation.errors.ts"
import { bulkOperationResource } from "./bulk-operation.resources.ts"
import { ExportProducts, ExportRows, PrepareProductImport } from "./bulk-operation.schema.ts"
import { confirmOperation } from "./operation-rows.ts"

const view = {
  id: true,
  kind: true,
  status: true,
  fileIdIn: true,
  fileIdOut: true,
  input: true,
  summary: true,
  error: true,
  requestedBy: true,
  attempts: true,
  createdAt: true,
  updatedAt: true,
} as const

type Readable = EntityOf<typeof bulkOperationResource>

export type BulkOperationView = Selected<BulkOperation, typeof view>

/** An import that waits to be confirmed. */
export interface PreparedImport {
  /** The operation's id. */
  readonly transactionId: string
  readonly summary: { readonly toCreate: number; readonly toUpdate: number }
}

export interface BulkServices {
  readonly db: Database
  readonly query: Query
  readonly files: FileService
  readonly importer: ProductImporter
  readonly worker: BulkWorker
}

/** Imports and exports of whole catalogues as files, in the background. */
export class BulkOperations {
  readonly #services: BulkServices
  readonly #startsAtOnce: boolean

  /** @param startsAtOnce whether this process begins what it queues, once that has committed. */
  constructor(services: BulkServices, startsAtOnce: boolean) {
    this.#services = services
    this.#startsAtOnce = startsAtOnce
  }

  /**
   * Reads a product file of Shopify or Medusa from end to end, and says what an import would do. It is done once it is
   * confirmed. From then on the file is for those who may read or import products, unless somebody has said for whom it is.
   *
   * @throws {NotFound} {@link ProductFileUnknown} {@link CurrencyMissing} {@link ProviderUnavailable} {@link InvalidInput}
   */
  async prepareProductImport(input: PrepareProductImport): Promise<PreparedImport> {
    const { fileId, requestedBy, ...given } = parse(PrepareProductImport, input)
    const { query, files, importer } = this.#services
    const defaults = await defaultsOf(query)
    const currencyCode = given.currencyCode ?? defaults.currencyCode
    const salesChannelId = given.salesChannelId ?? defaults.salesChannelId
    const { content } = await files.read(fileId)
    const prices = currencyCode === undefined ? [] : [{ currencyCode }]
    const { toCreate, toUpdate, refusals } = await importer.preview(readProductCsv(content), { prices })
    await files.restrict(fileId, readableWith["product-import"])
    const transactionId = await this.#record("product-import", {
      status: "awaiting_confirmation",
      fileIdIn: fileId,
      input: { currencyCode, salesChannelId },
      summary: { toCreate, toUpdate, refused: refusals.length },
      requestedBy,
    })
    return { transactionId, summary: { toCreate, toUpdate } }
  }

  /**
   * Has a prepared import done. Of several that confirm one at once, one does.
   *
   * @throws {NotFound} {@link NotAwaitingConfirmation}
   */
  async confirm(id: string): Promise<void> {
    if (await confirmOperation(this.#services.db, id)) return this.#start()
    const { status } = await this.get(id)
    throw new NotAwaitingConfirmation(id, status)
  }

  /**
   * Has products written in Medusa's format or Shopify's.
   *
   * @returns the operation's id.
   * @throws {QueryInvalid} {@link ExportCurrencyMissing} {@link InvalidInput}
   */
  async exportProducts(input: ExportProducts = {}): Promise<string> {
    const { requestedBy, format, filter, q, ...given } = parse(ExportProducts, input)
    await this.#assertReadable(productResource.name, filter, q)
    const currencyCode =
      format === "medusa" ? undefined : (given.currencyCode ?? (await defaultsOf(this.#services.query)).currencyCode)
    if (format === "shopify" && currencyCode === undefined) throw new ExportCurrencyMissing()
    return this.#queue("product-export", { filter, q, format, currencyCode }, requestedBy)
  }

  /** Has orders written, one row each; drafts are left out. @returns the operation's id. @throws {QueryInvalid} {@link InvalidInput} */
  async exportOrders(input: ExportRows = {}): Promise<string> {
    const { requestedBy, filter, q } = parse(ExportRows, input)
    await this.#assertReadable(orderResource.name, filter, q)
    return this.#queue("order-export", { filter, q }, requestedBy)
  }

  /** Has stock written, one row per item and location. @returns the operation's id. @throws {QueryInvalid} {@link InvalidInput} */
  async exportInventory(input: ExportRows = {}): Promise<string> {
    const { requestedBy, filter, q } = parse(ExportRows, input)
    await this.#assertReadable(inventoryItemResource.name, filter, q)
    return this.#queue("inventory-export", { filter, q }, requestedBy)
  }

  /**
   * Does one operation that is due, from beginning to end: see {@link BulkWorker.runNext}.
   *
   * @returns whether there was one.
   */
  async runNext(signal?: AbortSignal): Promise<boolean> {
    return this.#services.worker.runNext(signal)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<BulkOperationView> {
    return this.#services.query.get(bulkOperationResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Readable> } = {}): Promise<Page<BulkOperationView>> {
    return this.#services.query.list(bulkOperationResource, { ...options, fields: view })
  }

  /** A filter that cannot be read is told to whoever asks, not to nobody in the background. */
  async #assertReadable(resource: string, filter: AnyFilter, q: string | undefined): Promise<void> {
    await this.#services.query.listAny(resource, { fields: { id: true }, filter, q, limit: 1, count: false })
  }

  async #queue(kind: BulkKind, input: Record<string, unknown>, requestedBy: string | null): Promise<string> {
    const id = await this.#record(kind, { status: "queued", input, requestedBy })
    this.#start()
    return id
  }

  async #record(
    kind: BulkKind,
    row: Pick<BulkOperation, "input"> & Partial<Pick<BulkOperation, "status" | "fileIdIn" | "summary" | "requestedBy">>,
  ): Promise<string> {
    const [id] = await this.#services.db.insertRows(BulkOperation, [{ kind, ...row }])
    return id as string
  }

  #start(): void {
    const { db, worker } = this.#services
    if (this.#startsAtOnce) db.afterCommit(() => worker.wake())
  }
}
