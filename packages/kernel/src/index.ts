export {
  Collection,
  defineEntity,
  p,
  UniqueConstraintViolationException,
  CheckConstraintViolationException,
  ref,
  wrap,
} from "@mikro-orm/core"
export type { InferEntity, Opt, Ref } from "@mikro-orm/core"
export { Migration } from "@mikro-orm/migrations"
export type { SqlEntityManager } from "@mikro-orm/postgresql"
export { instanceCachingFactory } from "./module/container.ts"
export type { DependencyContainer, InjectionToken } from "./module/container.ts"

export { id, metadata, softDelete, timestamps } from "./columns.ts"
export { allDone } from "./database/all-done.ts"
export { Database, type DatabaseOptions } from "./database/database.ts"
export { rowChanges, type RowChanges } from "./database/write-rows.ts"
export { DatabaseUnreachable, DeadlockFound } from "./database/faults.ts"
export { DatabaseFromTheFuture, MigrationsPending, type MigrationClass } from "./database/migrate.ts"
export { DatabaseSourceInvalid, EmbeddedDatabaseMissing, type DatabaseSource } from "./database/source.ts"
export {
  constraintOf,
  InvalidInput,
  ModuleError,
  NotFound,
  rethrow,
  rethrowConstraint,
  type ErrorKind,
  type InputIssue,
} from "./errors.ts"
export { defineEvent, subscribe, type EventDefinition, type SentEvent, type Subscriber } from "./events/event.ts"
export { Events } from "./events/events.ts"
export { DeadLetterNotFound, Relay, type DeadLetter, type RelayOptions } from "./events/relay.ts"
export { assertFound, hold, type HoldStrength } from "./hold.ts"
export { newId } from "./id.ts"
export { instant } from "./instant.ts"
export { compose, type Composition, type CompositionOptions, type PlacedModule } from "./module/composition.ts"
export { defineModule, type ModuleDefinition, type ServiceClass } from "./module/module.ts"
export { start, type StartOptions, type Started } from "./module/start.ts"
export { parse } from "./parse.ts"
export { computedField, type ComputedField, type ResolveContext } from "./query/computed.ts"
export { QueryInvalid } from "./query/errors.ts"
export {
  link,
  linkByColumn,
  Links,
  type ColumnLink,
  type ColumnLinkOptions,
  type Link,
  type LinkOptions,
  type TableLink,
} from "./query/link.ts"
export { Query, type NamedRead } from "./query/query.ts"
export {
  DEFAULT_LIMIT,
  MAX_LIMIT,
  type AnyRead,
  type ListOptions,
  type Page,
  type RawPage,
  type ReadOptions,
} from "./query/read.ts"
export { Records, type RecordKind } from "./records.ts"
export { ResourceRegistry } from "./query/registry.ts"
export {
  defineResource,
  searchExpression,
  searchIndex,
  type AnyResource,
  type FieldInfo,
  type Readable,
  type Resource,
  type ResourceInfo,
} from "./query/resource.ts"
export type {
  AnyFilter,
  AnySelection,
  Direction,
  EntityOf,
  Filter,
  LinkedFields,
  Selected,
  Selection,
} from "./query/types.ts"
