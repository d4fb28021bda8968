import {
  NotFound,
  parse,
  rethrow,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { File } from "./file.entity.ts"
import { HandleTaken } from "./file.errors.ts"
import { FileCreated, FileDeleted, FileUpdated } from "./file.events.ts"
import { fileResource } from "./file.resources.ts"
import { CreateFile, CreateFiles, UpdateFile } from "./file.schema.ts"

const view = { "*": true } as const

/** File with all its fields. */
export type FileView = Selected<File, typeof view>

/** Files. */
export class FileService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {HandleTaken} {@link InvalidInput} */
  async create(input: CreateFile): Promise<FileView> {
    const [made] = await this.createMany([parse(CreateFile, input)])
    return made as FileView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {HandleTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateFiles): Promise<FileView[]> {
    const data = parse(CreateFiles, inputs)
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db.insertRows(File, data).catch(taken(data.map(({ handle }) => handle)))
      await this.#events.emitMany(
        FileCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** @throws {NotFound} {@link HandleTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateFile): Promise<FileView> {
    const data = parse(UpdateFile, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(File, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken(data.handle === undefined ? [] : [data.handle]))
      if (changed === 0) throw new NotFound("File", id)
      await this.#events.emit(FileUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes it; its handle is free for others. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(File, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("File", id)
      await this.#events.emit(FileDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<FileView> {
    return this.#query.get(fileResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<File> } = {}): Promise<Page<FileView>> {
    return this.#query.list(fileResource, { ...options, fields: view })
  }
}

const taken = (handles: string[]) => rethrow(Error, () => new HandleTaken(handles), "file_handle_unique")
