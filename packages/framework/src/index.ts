export { createBackend, PortTaken, type Backend } from "./backend.ts"
export {
  ConfigurationInvalid,
  readConfiguration,
  readEnvironment,
  type Configuration,
  type Environment,
} from "./environment.ts"
export { defineConfig, definePlugin, type Config, type Plugin } from "./plugin.ts"
export { closeOnSignal, exitWith, runWorkers } from "./run.ts"
