import type { Composition, CompositionOptions, ComputedField, Link, ModuleDefinition } from "@marquetry/kernel"
import type { ErrorAnswers, Route } from "@marquetry/http"
import { assertCommand, type Command } from "./command.ts"
import type { Environment } from "./environment.ts"
import { builtInJobs } from "./jobs/built-in-jobs.ts"
import { assertJob, type Job } from "./jobs/job.ts"

type Subscribers = NonNullable<CompositionOptions["subscribers"]>

/** What extends a backend. The Store API is one; nothing built-in has a door that yours has not. */
export interface Plugin {
  readonly name: string
  /** Plugins that it stands on. One that several name, the very same value, is there once. */
  readonly needs?: readonly Plugin[]
  readonly modules?: readonly ModuleDefinition[]
  readonly links?: readonly Link[]
  readonly computed?: readonly ComputedField[]
  readonly subscribers?: Subscribers
  readonly routes?: readonly Route[]
  /** How errors of modules are answered where their kind does not say it. No two plugins may name one code. */
  readonly errorAnswers?: ErrorAnswers
  /** What is done again and again while the backend runs. */
  readonly jobs?: readonly Job[]
  /** What a person does from the command line. */
  readonly commands?: readonly Command[]
  /** Folders whose files are served, by the beginning of their path. */
  readonly files?: Readonly<Record<string, string>>
  /** Origins that browsers may call from, by the first part of the path; beside those of the environment. */
  readonly cors?: Readonly<Record<string, readonly string[]>>
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
  readonly jobs?: readonly Job[]
  /** For the documentation of the API. */
  readonly title?: string
  readonly version?: string
}

/** All jobs of a config, those of every backend first. */
export const jobsOf = ({ jobs = [], plugins = [] }: Config): Job[] => [
  ...builtInJobs,
  ...jobs,
  ...plugins.flatMap((plugin) => plugin.jobs ?? []),
]

/**
 * Checks what the plugins bring beside each other.
 *
 * @throws {TypeError} when two plugins, jobs or commands have one name, or a job or command cannot be run.
 */
export function defineConfig(config: Config): Config {
  const { plugins: named = [] } = config
  assertDistinct("plugin", named)
  const plugins = [...new Set(named.flatMap(withNeeds))]
  const jobs = jobsOf({ ...config, plugins })
  const commands = plugins.flatMap((plugin) => plugin.commands ?? [])
  assertDistinct("plugin", plugins)
  assertDistinct("job", jobs)
  assertDistinct("command", commands)
  for (const job of jobs) assertJob(job)
  for (const command of commands) assertCommand(command)
  return Object.freeze({ ...config, plugins })
}

/** What a plugin stands on comes before it. */
const withNeeds = (plugin: Plugin): Plugin[] => [...(plugin.needs ?? []).flatMap(withNeeds), plugin]

function assertDistinct(kind: string, things: readonly { readonly name: string }[]): void {
  const names = things.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new TypeError(`The ${kind} "${twice}" is there twice`)
}
