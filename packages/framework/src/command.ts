import type { DependencyContainer } from "@marquetry/kernel"
import { pino } from "pino"
import { openComposition } from "./composition.ts"
import { ConfigurationInvalid, environmentOptions, parseOptions } from "./environment.ts"
import type { Config } from "./plugin.ts"
import { explain } from "./run.ts"

/** What a command was given. */
export interface CommandArguments {
  /** Each may be given several times. */
  readonly options: Readonly<Record<string, readonly string[]>>
  /** Arguments that belong to no option. */
  readonly rest: readonly string[]
}

/** Something that a person does now and then from the command line, such as making the first user. */
export interface Command {
  readonly name: string
  /** A line for those who look for a command. */
  readonly summary: string
  /** What it takes, each with a value, and what that is: `{ email: "of the user" }` for `--email ann@shop.example`. */
  readonly options?: Readonly<Record<string, string>>
  readonly run: (container: DependencyContainer, args: CommandArguments) => Promise<void> | void
}

/** No plugin has such a command. The message lists those that there are. */
export class CommandUnknown extends Error {
  readonly code = "command.unknown"
  constructor(name: string, commands: readonly Command[]) {
    const lines = commands.flatMap(({ name, summary, options = {} }) => [
      `  ${name}: ${summary}`,
      ...Object.entries(options).map(([option, meaning]) => `    --${option}: ${meaning}`),
    ])
    const known = lines.length === 0 ? "There are none." : `There are:\n${lines.join("\n")}`
    super(`There is no command "${name}". ${known}`)
  }
}

const NAME = /^[a-z][a-z0-9]*([:-][a-z0-9]+)*$/

/** @throws {TypeError} when a command cannot be told from something else on the command line. */
export function assertCommand({ name, options = {} }: Command): void {
  if (!NAME.test(name)) throw new TypeError(`"${name}" cannot be the name of a command`)
  for (const option of Object.keys(options)) {
    if (!NAME.test(option)) throw new TypeError(`"${option}" cannot be an option of the command "${name}"`)
    if (environmentOptions.includes(option))
      throw new TypeError(
        `The command "${name}" cannot have the option "${option}", which is one of the backend itself`,
      )
  }
}

/**
 * Runs a command of a plugin on the composed and migrated shop, and closes it. What goes wrong is written to the
 * standard error, and the exit code of the process is 1 then.
 *
 * @param args what follows the name on the command line, without the options of the environment: see `readCommand`.
 */
export async function runCommand(config: Config, name: string, args: readonly string[]): Promise<void> {
  try {
    const commands = (config.plugins ?? []).flatMap((plugin) => plugin.commands ?? [])
    const command = commands.find((candidate) => candidate.name === name)
    if (command === undefined) throw new CommandUnknown(name, commands)
    const { options, rest, faults } = parseOptions(args, Object.keys(command.options ?? {}))
    if (faults.length > 0) throw new ConfigurationInvalid(faults)
    const { composition, close } = await openComposition(config, pino({ level: config.environment.logLevel }))
    try {
      await command.run(composition.container, { options, rest })
    } finally {
      await close()
    }
  } catch (error) {
    process.stderr.write(explain(error))
    process.exitCode = 1
  }
}
