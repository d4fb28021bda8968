import { Database } from "@marquetry/kernel"
import { SalesChannelService } from "@marquetry/sales-channel"
import { afterAll, beforeAll, expect, it } from "vitest"
import { AdminResource } from "../../src/admin/kit/admin-resource.ts"
import { changeRow } from "../../src/admin/kit/changes.ts"
import { openBackOffice, type BackOffice } from "./back-office.ts"

const channels = new AdminResource({
  resource: "sales_channel",
  singular: "sales_channel",
  plural: "sales_channels",
  defaults: "id, name",
  list: { limit: 20, filters: {} },
})

let office: BackOffice
beforeAll(async () => {
  office = await openBackOffice()
})
afterAll(() => office.drop())

it("two changes that wait for each other's rows are both done, one of them the second time", async () => {
  const service = office.container.resolve(SalesChannelService)
  const made = await service.createMany([{ name: "One" }, { name: "Two" }])
  const [one, two] = made.map(({ id }) => id) as [string, string]
  const db = office.container.resolve(Database)
  let attempts = 0
  const bothHold = Promise.withResolvers<void>()
  const context = {
    id: "request",
    identity: { actorType: "user", actorId: office.userId, permissions: ["*:*"], claims: null } as const,
    resolve: <T>(token: Parameters<typeof office.container.resolve>[0]) => office.container.resolve(token) as T,
    header: () => undefined,
    setHeader: () => {},
    query: {},
  }
  const change = (id: string, other: string) =>
    changeRow(context, {
      resource: channels,
      id,
      action: "updated",
      work: async () => {
        if (++attempts === 2) bothHold.resolve()
        await bothHold.promise
        await service.update(other, { name: `After ${id}` })
      },
    })

  await Promise.all([change(one, two), change(two, one)])

  expect(attempts).toBe(3)
  expect([(await service.get(one)).name, (await service.get(two)).name]).toEqual([`After ${two}`, `After ${one}`])
  expect(db.inTransaction).toBe(false)
})
