import type { Subscriber } from "../events/event.ts"
import { compose, type Composition, type CompositionOptions } from "./composition.ts"
import type { ModuleDefinition } from "./module.ts"

/** How a module is started alone. */
export type StartOptions = Pick<
  CompositionOptions,
  "database" | "replica" | "preparedStatements" | "events" | "register"
> & {
  readonly subscribers?: readonly Subscriber[]
}

/** A module that runs alone: its services, and what every module has. */
export type Started<Services> = Services &
  Pick<Composition, "migrate" | "close" | "query" | "relay" | "database" | "container">

/**
 * Starts one module without any other.
 *
 * @param services resolves the module's services, under the names that its users know them by.
 */
export async function start<Services extends object>(
  module: ModuleDefinition,
  options: StartOptions,
  services: (container: Composition["container"]) => Services,
): Promise<Started<Services>> {
  const { container, migrate, close, query, relay, database } = await compose({ ...options, modules: [module] })
  return { ...services(container), container, migrate, close, query, relay, database }
}
