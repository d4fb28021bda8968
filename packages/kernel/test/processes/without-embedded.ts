import { registerHooks } from "node:module"

// As in a project that has not installed the embedded database.
registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier !== "@electric-sql/pglite") return next(specifier, context)
    throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: "ERR_MODULE_NOT_FOUND" })
  },
})
const { compose } = await import("../../src/index.ts")
try {
  await compose({ modules: [] })
} catch (error) {
  const { code, kind, message } = error as { code: string; kind: string; message: string }
  console.log(JSON.stringify({ code, kind, message }))
}
