import type { DependencyContainer } from "./container.ts"
import type { Database } from "../database/database.ts"
import type { MigrationClass } from "../database/migrate.ts"
import type { EntityClass } from "../database/orm.ts"
import type { Events } from "../events/events.ts"
import type { Query } from "../query/query.ts"
import type { AnyResource } from "../query/resource.ts"

/** A service that needs what every module has, or the first of it. */
export type ServiceClass = new (db: Database, events: Events, query: Query) => object

/** A piece of commerce: the tables it owns, what may be read of them, and its services. */
export interface ModuleDefinition {
  /** Also the Postgres schema of its tables, so that they never meet a host's. */
  readonly name: string
  readonly entities: readonly EntityClass[]
  /** Listed, oldest first; not scanned for, so that bundlers and single files work. */
  readonly migrations: readonly MigrationClass[]
  /** What the query engine may read. */
  readonly resources?: readonly AnyResource[]
  /** Reference data that comes with the module. Runs after its migrations, each time; must be repeatable. */
  readonly seed?: (db: Database) => Promise<void>
  /** Services that are made of nothing else. The token of a service is its class. */
  readonly services?: readonly ServiceClass[]
  /** Registers services that are made otherwise, after those of {@link services}. */
  register?(container: DependencyContainer): void
}

const NAME = /^[a-z][a-z0-9_]{0,40}$/

/** Checks and freezes a definition. @throws {TypeError} when the name cannot be that of a schema. */
export function defineModule(definition: ModuleDefinition): ModuleDefinition {
  if (!NAME.test(definition.name)) {
    throw new TypeError(`Module name "${definition.name}" must be lower-case letters, digits and _, as a schema's`)
  }
  return Object.freeze({ ...definition })
}
