export { createBackend, PortTaken, type Backend } from "./backend.ts"
export { CommandUnknown, runCommand, type Command, type CommandArguments } from "./command.ts"
export {
  ConfigurationInvalid,
  readCommand,
  readConfiguration,
  readEnvironment,
  type CommandLine,
  type Configuration,
  type Environment,
} from "./environment.ts"
export type { Job, Schedule } from "./jobs/job.ts"
export { pluginRoutes } from "./plugin-routes.ts"
export { defineConfig, definePlugin, type Config, type Plugin } from "./plugin.ts"
export { closeOnSignal, exitWith, runWorkers } from "./run.ts"
