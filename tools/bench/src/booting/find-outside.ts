import { registerHooks } from "node:module"

/* Starts the backend once, and tells which packages of others its code asks for until it listens. */

const found = new Set<string>()
const isOutside = (name: string) => !/^(\.|\/|file:|node:|@marquetry\/)/.test(name)
registerHooks({
  resolve(name, context, next) {
    const isOurs = context.parentURL !== undefined && !context.parentURL.includes("/node_modules/")
    if (isOurs && isOutside(name)) found.add(name)
    return next(name, context)
  },
})

const [url] = process.argv.slice(2) as [string]
const { environmentFor } = await import("../environment.ts")
const { configure } = await import("@marquetry/backend")
const { createBackend } = await import("@marquetry/framework")
const backend = await createBackend(configure(environmentFor(url)))
const address = await backend.listen()
process.on("message", () => process.send?.([...found]))
process.send?.({ address })
