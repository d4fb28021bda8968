import { rootContainer, type DependencyContainer, type InjectionToken } from "./container.ts"
import { Database, type DatabaseOptions } from "../database/database.ts"
import { assertMigrated, migrate, type MigrationSet } from "../database/migrate.ts"
import { Events } from "../events/events.ts"
import type { Subscriber } from "../events/event.ts"
import { kernelModule } from "../events/kernel.module.ts"
import { Relay, type RelayOptions } from "../events/relay.ts"
import type { ComputedField } from "../query/computed.ts"
import { createLinkTables, Links, type Link } from "../query/link.ts"
import { Query } from "../query/query.ts"
import { ResourceRegistry } from "../query/registry.ts"
import type { ModuleDefinition } from "./module.ts"

/** Keeps a module in another database than the rest of its composition. */
export interface PlacedModule {
  readonly module: ModuleDefinition
  readonly database: NonNullable<DatabaseOptions["database"]>
}

export interface CompositionOptions extends DatabaseOptions {
  readonly modules: readonly (ModuleDefinition | PlacedModule)[]
  readonly links?: readonly Link[]
  readonly computed?: readonly ComputedField[]
  readonly subscribers?: readonly (Subscriber | ((container: DependencyContainer) => Subscriber))[]
  /** Replaces services, after the modules have registered theirs. */
  readonly register?: (container: DependencyContainer) => void
  readonly events?: RelayOptions & {
    /** `false`: this process emits but delivers nothing; another does. */
    readonly relay?: boolean
  }
}

/** Modules that share a database, a container and a query engine. */
export interface Composition {
  readonly container: DependencyContainer
  readonly database: Database
  readonly query: Query
  readonly relay: Relay
  /** Brings the database up to date. @returns the migrations that ran. */
  readonly migrate: () => Promise<string[]>
  /** @throws {MigrationsPending} {@link DatabaseFromTheFuture} when the database is not of this release. */
  readonly assertMigrated: () => Promise<void>
  /** A container for one request: what is registered in it is seen nowhere else. */
  readonly createScope: () => DependencyContainer
  /** Waits for subscribers under way and ends the connections that are ours. To call it again is to wait for the same. */
  readonly close: () => Promise<void>
}

interface Placement {
  readonly database: Database
  readonly modules: ModuleDefinition[]
  readonly events: Events
  readonly relay: Relay
}

/** Composes modules on one database: one ORM, one pool, a Postgres schema and a migrations table per module. */
export async function compose(options: CompositionOptions): Promise<Composition> {
  const placements = await place(options)
  try {
    return assemble(options, placements)
  } catch (error) {
    await closeAll(placements)
    throw error
  }
}

function assemble(options: CompositionOptions, placements: readonly Placement[]): Composition {
  const main = placements[0] as Placement
  const container = rootContainer.createChildContainer()
  const links = options.links ?? []
  const registry = new ResourceRegistry(
    placements.map(({ database, modules }) => ({
      database,
      resources: modules.flatMap(({ resources = [] }) => resources),
    })),
    links,
    options.computed ?? [],
  )
  const query = new Query(registry, container)
  container.registerInstance(ResourceRegistry, registry)
  container.registerInstance(Query, query)
  container.registerInstance(Links, new Links((resource) => registry.databaseOf(resource)))
  wire(container, main)
  for (const placement of placements.slice(1)) wireApart(container, placement)
  options.register?.(container)
  for (const subscriber of options.subscribers ?? []) {
    const resolved = typeof subscriber === "function" ? subscriber(container) : subscriber
    for (const { relay } of placements) relay.subscribe(resolved)
  }
  const start = () => {
    if (options.events?.relay !== false) for (const { relay } of placements) relay.start()
  }
  let closing: Promise<void> | undefined
  return {
    container,
    database: main.database,
    query,
    relay: main.relay,
    migrate: async () => {
      const ran: string[] = []
      for (const placement of placements) ran.push(...(await migratePlacement(placement, registry, links)))
      start()
      return ran
    },
    assertMigrated: async () => {
      for (const { database, modules } of placements) await assertMigrated(database, modules.map(toSet))
      start()
    },
    createScope: () => container.createChildContainer(),
    close: () => (closing ??= closeAll(placements, container)),
  }
}

/** Handlers first, while what they need is still there. */
async function closeAll(placements: readonly Placement[], container?: DependencyContainer): Promise<void> {
  await Promise.all(placements.map(({ relay }) => relay.close()))
  await container?.dispose()
  for (const { database } of placements) await database.close()
}

/** Opens the databases and says which module is in which. Each has its own outbox. */
async function place(options: CompositionOptions): Promise<Placement[]> {
  const here = options.modules.filter((module) => !("module" in module)) as ModuleDefinition[]
  const apart = options.modules.filter((module) => "module" in module) as PlacedModule[]
  assertDistinct([kernelModule, ...here, ...apart.map(({ module }) => module)])
  const open = async (modules: ModuleDefinition[], database: DatabaseOptions): Promise<Placement> => {
    const opened = await openFor(modules, database)
    const relay = new Relay(opened, options.events)
    const wake = options.events?.relay === false ? () => {} : relay.wakeFor
    return { database: opened, modules, relay, events: new Events(opened, wake) }
  }
  return Promise.all([
    open([kernelModule, ...here], options),
    ...apart.map(({ module, database }) => open([kernelModule, module], { database })),
  ])
}

function openFor(modules: readonly ModuleDefinition[], options: DatabaseOptions): Promise<Database> {
  const schemaOf = new Map(
    modules.flatMap(({ name, entities }) => entities.map((entity) => [classNameOf(entity), name])),
  )
  const entities = modules.flatMap((module) => module.entities)
  return Database.open(entities, schemaOf, options)
}

function assertDistinct(modules: readonly ModuleDefinition[]): void {
  const seen = new Set<string>()
  for (const { name } of modules) {
    if (seen.has(name)) throw new TypeError(`Two modules are named "${name}"`)
    seen.add(name)
  }
}

const classNameOf = (entity: ModuleDefinition["entities"][number]) =>
  (typeof entity === "function" ? entity.name : entity.meta.className) as string

const toSet = ({ name, migrations, seed }: ModuleDefinition): MigrationSet => ({ name, migrations, seed })

async function migratePlacement(
  { database, modules }: Placement,
  registry: ResourceRegistry,
  links: readonly Link[],
): Promise<string[]> {
  return database.transaction(async () => {
    const ran = await migrate(database, modules.map(toSet))
    const ours = links
      .filter((link) => link.kind === "table")
      .filter(({ left }) => registry.databaseOf(left.name) === database)
    await createLinkTables(database, ours)
    return ran
  })
}

function wire(container: DependencyContainer, { database, events, relay, modules }: Placement): void {
  container.registerInstance(Database, database)
  container.registerInstance(Events, events)
  container.registerInstance(Relay, relay)
  for (const module of modules) {
    for (const Service of module.services ?? []) {
      container.register<object>(Service, {
        useFactory: (c) => new Service(c.resolve(Database), c.resolve(Events), c.resolve(Query)),
      })
    }
    module.register?.(container)
  }
}

/**
 * A module in another database is wired in a container of its own, whose `Database` and `Events` are those of there;
 * what it registers is then found from the common container too.
 */
function wireApart(container: DependencyContainer, placement: Placement): void {
  const apart = container.createChildContainer()
  const tokens: InjectionToken[] = []
  const recording = new Proxy(apart, {
    get: (target, property, receiver) => {
      const value: unknown = Reflect.get(target, property, receiver)
      if (typeof value !== "function") return value
      return (...args: unknown[]) => {
        if (String(property).startsWith("register")) tokens.push(args[0] as InjectionToken)
        return (value as (...args: unknown[]) => unknown).apply(target, args)
      }
    },
  })
  wire(recording, placement)
  const shared = new Set<InjectionToken>([Database, Events, Relay])
  for (const token of tokens.filter((candidate) => !shared.has(candidate))) {
    container.register(token, { useFactory: () => apart.resolve(token) })
  }
}
