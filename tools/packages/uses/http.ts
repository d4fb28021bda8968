import { createServer, routes } from "@marquetry/http"
import { compose } from "@marquetry/kernel"
import { z } from "zod"

const clock = routes("/clock", {}, ({ get }) => {
  get("/:zone", { summary: "The zone", params: z.object({ zone: z.string() }) }, ({ params }) => ({
    zone: params.zone,
  }))
})

async function main(): Promise<void> {
  const composition = await compose({ database: process.env["DATABASE_URL"], modules: [] })
  await composition.migrate()
  const server = await createServer({ composition, routes: clock })
  const address = await server.listen({ host: "127.0.0.1", port: 0 })
  const answer = await fetch(`${address}/clock/utc`)
  const text: string = await answer.text()
  await server.close()
  await composition.close()
  if (text !== '{"zone":"utc"}') throw new Error(text)
  console.log("ok")
}

void main()
