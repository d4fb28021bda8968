import type { Composition, CompositionOptions, ComputedField, Link, ModuleDefinition } from "@marquetry/kernel"
import type { Route } from "@marquetry/http"
import type { Environment } from "./environment.ts"

type Subscribers = NonNullable<CompositionOptions["subscribers"]>

/** What extends a backend. The Store API is one; nothing built-in has a door that yours has not. */
export interface Plugin {
  readonly name: string
  readonly modules?: readonly ModuleDefinition[]
  readonly links?: readonly Link[]
  readonly computed?: readonly ComputedField[]
  readonly subscribers?: Subscribers
  readonly routes?: readonly Route[]
  /** Folders whose files are served, by the beginning of their path. */
  readonly files?: Readonly<Record<string, string>>
  /** Replaces services, after the modules have registered theirs. */
  readonly register?: NonNullable<CompositionOptions["register"]>
  /** Looks at the composition before the server listens; what it throws stops the start. */
  readonly check?: (composition: Composition) => Promise<void>
}

/** Checks a plugin. @throws {TypeError} when it has no name. */
export function definePlugin(plugin: Plugin): Plugin {
  if (!/^[a-z@][a-z0-9@/_-]*$/.test(plugin.name))
    throw new TypeError(`Plugin name "${plugin.name}" must be like a package's`)
  return Object.freeze({ ...plugin })
}

/** A backend: the modules that it is made of, and what extends it. */
export interface Config {
  readonly environment: Environment
  readonly modules: CompositionOptions["modules"]
  readonly links?: readonly Link[]
  readonly computed?: readonly ComputedField[]
  readonly plugins?: readonly Plugin[]
  /** For the documentation of the API. */
  readonly title?: string
  readonly version?: string
}

/** Checks that no two plugins have one name. */
export function defineConfig(config: Config): Config {
  const names = (config.plugins ?? []).map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new TypeError(`The plugin "${twice}" is there twice`)
  return Object.freeze({ ...config })
}
