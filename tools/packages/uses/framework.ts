import { createBackend, defineConfig, definePlugin, readEnvironment, type Backend } from "@marquetry/framework"

async function main(): Promise<void> {
  const environment = readEnvironment({ DATABASE_URL: process.env["DATABASE_URL"], PORT: "0", LOG_LEVEL: "silent" })
  const backend: Backend = await createBackend(
    defineConfig({ environment, modules: [], plugins: [definePlugin({ name: "nothing" })] }),
  )
  const address = await backend.listen()
  const answer = await fetch(`${address}/ready`)
  await backend.close()
  if (answer.status !== 200) throw new Error(String(answer.status))
  console.log("ok")
}

void main()
