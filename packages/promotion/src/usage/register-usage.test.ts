import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import { join } from "node:path"
import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  PromotionLimitReached,
  startPromotion,
  type CreateCampaign,
  type CreatePromotion,
  type RegisterUsage,
} from "../index.ts"
import { aCampaign, aPromotion } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startPromotion>>

let database: TestDatabase
let alone: Alone
let other: Alone
let promotions: Alone["promotions"]

beforeAll(async () => {
  database = await createTestDatabase()
  // No relay, so that only the service's own statements are counted.
  alone = await startPromotion({ database: database.url, events: { relay: false } })
  other = await startPromotion({ database: database.url, events: { relay: false } })
  await alone.migrate()
  promotions = alone.promotions
})

beforeEach(async () => {
  await alone.database.run(`delete from "promotion"."promotion"`)
  await alone.database.run(`delete from "promotion"."campaign"`)
})

afterAll(async () => {
  await other.close()
  await alone.close()
  await database.drop()
})

const make = async (overrides: Partial<CreatePromotion>) => (await promotions.create(aPromotion(overrides))).id
const inCampaign = (budget: CreateCampaign["budget"]) => ({
  campaign: aCampaign(budget === undefined ? {} : { budget }),
})
const use = (promotionId: string, amount: string | number = 1) => ({ promotionId, amount, currencyCode: "eur" })
const register = (key: string, ids: readonly string[], more: Partial<RegisterUsage> = {}) =>
  promotions.registerUsage({ key, promotions: ids.map((id) => use(id)), ...more })
const usedOf = async (id: string) => {
  const { used, campaign } = await promotions.get(id)
  return [used, campaign?.budget?.used]
}
const byCustomers = () =>
  alone.database.sql(
    `select attribute_value as customer, used::text from "promotion"."campaign_budget_usage" order by attribute_value`,
  )

/** Counters must be sums of the ledger, whatever happened. */
const difference = () =>
  alone.database.sql(`
    select id from "promotion"."promotion" p
    where used <> (select count(*) from "promotion"."promotion_usage" u where u.promotion_id = p.id)
    union all select id from "promotion"."campaign_budget" b
    where used <> (select coalesce(sum(counted), 0) from "promotion"."promotion_usage" u where u.campaign_budget_id = b.id)
    union all select attribute_value from "promotion"."campaign_budget_usage" c
    where used <> (select coalesce(sum(counted), 0) from "promotion"."promotion_usage" u
      where u.campaign_budget_id = c.campaign_budget_id and u.attribute_value = c.attribute_value)`)

describe("registering", () => {
  it("counts each promotion and its budget once per key, in one statement", async () => {
    const ids = await Promise.all([
      make({}),
      make(inCampaign({ type: "usage", limit: 5 })),
      make(inCampaign({ type: "spend", currencyCode: "eur", limit: "10" })),
      make(inCampaign({ type: "use_by_attribute", attribute: "customer_id", limit: 2 })),
      make(inCampaign({ type: "spend_by_attribute", attribute: "customer_email", currencyCode: "eur", limit: 9 })),
    ])
    const order = { key: "order_1", promotions: ids.map((id) => use(id, "2.50")), customerId: "cus_1", email: "A@b.c" }

    const sent = await statementsOf(alone.database, () => promotions.registerUsage(order))
    await promotions.registerUsage(order)

    expect(sent).toHaveLength(1)
    expect(await Promise.all(ids.map(usedOf))).toEqual([
      [1, undefined],
      [1, "1"],
      [1, "2.5"],
      [1, "1"],
      [1, "2.5"],
    ])
    expect(await byCustomers()).toEqual([
      { customer: "a@b.c", used: "2.5" },
      { customer: "cus_1", used: "1" },
    ])
    expect(await statementsOf(alone.database, () => register("order_2", []))).toEqual([])
  })

  it("is taken back once, in one statement, and can be registered again", async () => {
    const ids = await Promise.all([
      make({ limit: 1 }),
      make(inCampaign({ type: "spend_by_attribute", attribute: "customer_id", currencyCode: "eur", limit: 5 })),
    ])
    const order = { key: "order_1", promotions: ids.map((id) => use(id, 5)), customerId: "cus_1" }
    await promotions.registerUsage(order)

    const sent = await statementsOf(alone.database, () => promotions.revertUsage("order_1"))
    await promotions.revertUsage("order_1")
    await promotions.revertUsage("order_none")

    expect(sent).toHaveLength(1)
    expect(await Promise.all(ids.map(usedOf))).toEqual([
      [0, undefined],
      [0, "0"],
    ])
    expect(await byCustomers()).toEqual([{ customer: "cus_1", used: "0" }])
    await promotions.registerUsage({ ...order, key: "order_2" })
    await expect(promotions.registerUsage(order)).rejects.toThrow(PromotionLimitReached)
  })

  it.each<[string, Partial<CreatePromotion>, Partial<RegisterUsage>, string]>([
    ["its own limit", { limit: 1 }, {}, "limit_reached"],
    ["a budget of uses", inCampaign({ type: "usage", limit: 1 }), {}, "budget_exhausted"],
    ["a budget of money", inCampaign({ type: "spend", currencyCode: "eur", limit: "1.99" }), {}, "budget_exhausted"],
    [
      "a budget of uses per customer",
      inCampaign({ type: "use_by_attribute", attribute: "customer_id", limit: 1 }),
      {},
      "budget_exhausted",
    ],
    [
      "a budget of money per customer",
      inCampaign({ type: "spend_by_attribute", attribute: "customer_email", currencyCode: "eur", limit: "1.99" }),
      {},
      "budget_exhausted",
    ],
    [
      "a budget per customer, of nobody",
      inCampaign({ type: "use_by_attribute", attribute: "customer_id" }),
      { customerId: null },
      "customer_unknown",
    ],
  ])("refuses what exceeds %s, says which, and counts nothing", async (_, overrides, more, reason) => {
    const customer = { customerId: "cus_1", email: "a@b.c" }
    const free = await make({})
    const limited = await make({ code: "LIMITED", ...overrides })
    await register("order_1", [limited], customer)
    const before = await Promise.all([free, limited].map(usedOf))

    const refused = register("order_2", [free, limited], { ...customer, ...more })

    await expect(refused).rejects.toThrow(PromotionLimitReached)
    await expect(refused).rejects.toMatchObject({
      code: "promotion.limit_reached",
      kind: "invalid",
      details: { promotionId: limited, promotionCode: "LIMITED", reason },
    })
    expect(await Promise.all([free, limited].map(usedOf))).toEqual(before)
    expect(await difference()).toEqual([])
  })

  it("refuses a first use that is larger than all that a customer may have", async () => {
    const id = await make(
      inCampaign({ type: "spend_by_attribute", attribute: "customer_id", currencyCode: "eur", limit: 5 }),
    )

    const refused = promotions.registerUsage({ key: "o", promotions: [use(id, "5.01")], customerId: "cus_1" })

    await expect(refused).rejects.toMatchObject({ details: { reason: "budget_exhausted" } })
  })

  it("refuses money of another currency", async () => {
    const id = await make(inCampaign({ type: "spend", currencyCode: "usd", limit: 5 }))

    await expect(register("order_1", [id])).rejects.toMatchObject({ details: { reason: "currency_differs" } })
  })

  it("counts per customer, whoever else comes", async () => {
    const id = await make(inCampaign({ type: "use_by_attribute", attribute: "customer_email", limit: 1 }))

    await register("order_1", [id], { email: "a@b.c" })
    await register("order_2", [id], { email: "d@e.f" })
    await expect(register("order_3", [id], { email: "A@B.C" })).rejects.toThrow(PromotionLimitReached)

    expect(await usedOf(id)).toEqual([2, "2"])
  })

  it("counts all promotions of a campaign in its one budget", async () => {
    const { id: campaignId } = await alone.campaigns.create(aCampaign({ budget: { type: "usage", limit: 3 } }))
    const ids = await Promise.all([make({ campaignId }), make({ campaignId })])

    await register("order_1", ids)

    expect(await usedOf(ids[0] as string)).toEqual([1, "2"])
    await expect(register("order_2", ids)).rejects.toThrow(PromotionLimitReached)
    await register("order_3", ids.slice(1))
  })

  it("refuses promotions that there are not, and one that comes twice", async () => {
    const id = await make({})

    await expect(register("order_1", [id, "promo_none"])).rejects.toMatchObject({ details: { id: "promo_none" } })
    await expect(register("order_1", [id, id])).rejects.toMatchObject({ code: "input.invalid" })

    expect(await usedOf(id)).toEqual([0, undefined])
  })

  it("goes with the order's transaction", async () => {
    const id = await make({ limit: 1 })

    await alone.database
      .transaction(async () => {
        await register("order_1", [id])
        throw new Error("no payment")
      })
      .catch(() => {})

    expect(await usedOf(id)).toEqual([0, undefined])
    await register("order_1", [id])
  })

  it("gives back to the budget that it was counted in, also after a move", async () => {
    const id = await make(inCampaign({ type: "usage", limit: 1 }))
    const budgetOf = () => alone.database.sql(`select used::text from "promotion"."campaign_budget" order by id`)
    await register("order_1", [id])
    const { id: campaignId } = await alone.campaigns.create(aCampaign({ budget: { type: "usage", limit: 1 } }))
    await promotions.update(id, { campaignId })

    await promotions.revertUsage("order_1")

    expect(await budgetOf()).toEqual([{ used: "0" }, { used: "0" }])
  })
})

it("does not let limits be set below what is used", async () => {
  const id = await make({ limit: 5, ...inCampaign({ type: "usage", limit: 5 }) })
  await register("order_1", [id])
  await register("order_2", [id])
  const { campaignId } = await promotions.get(id)

  const below = { code: "promotion.limit_below_used" }
  await expect(promotions.update(id, { limit: 1 })).rejects.toMatchObject(below)
  await expect(alone.campaigns.update(campaignId ?? "", { budget: { limit: 1 } })).rejects.toMatchObject(below)
  expect((await promotions.update(id, { limit: 2 })).limit).toBe(2)
})

describe("many orders at once", () => {
  const orders = Array.from({ length: 40 }, (_, index) => `order_${index}`)
  const all = (keys: readonly string[], attempt: (shop: Alone, key: string, index: number) => Promise<void>) =>
    Promise.allSettled(keys.map((key, index) => attempt(index % 2 === 0 ? alone : other, key, index)))
  const won = (results: PromiseSettledResult<void>[]) => {
    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost.filter((error) => !(error instanceof PromotionLimitReached))).toEqual([])
    return results.length - lost.length
  }

  it.each<[string, Partial<CreatePromotion>, number]>([
    ["a limit of 5", { limit: 5 }, 5],
    ["a budget of 5 uses", inCampaign({ type: "usage", limit: 5 }), 5],
    ["a budget of 11 for uses of 2", inCampaign({ type: "spend", currencyCode: "eur", limit: 11 }), 5],
    [
      "5 uses for each of two customers",
      inCampaign({ type: "use_by_attribute", attribute: "customer_id", limit: 5 }),
      10,
    ],
    [
      "11 for each of two customers",
      inCampaign({ type: "spend_by_attribute", attribute: "customer_id", currencyCode: "eur", limit: 11 }),
      10,
    ],
  ])("get exactly what %s allows", async (_, overrides, count) => {
    const id = await make(overrides)

    const results = await all(orders, (shop, key, index) =>
      shop.promotions.registerUsage({ key, promotions: [use(id, 2)], customerId: index < 20 ? "cus_1" : "cus_2" }),
    )

    expect(won(results)).toBe(count)
    expect((await usedOf(id))[0]).toBe(count)
    expect(await difference()).toEqual([])
  })

  it("never wait for each other in a circle, whatever promotions they use in whatever order", async () => {
    const { id: campaignId } = await alone.campaigns.create(aCampaign({ budget: { type: "usage", limit: 90 } }))
    const ids = await Promise.all(
      Array.from({ length: 6 }, (_, index) => make(index % 2 === 0 ? { campaignId } : inCampaign({ type: "usage" }))),
    )

    const results = await all(orders, async (shop, key, index) => {
      const turned = [...ids.slice(index % 6), ...ids.slice(0, index % 6)]
      const some = (index % 3 === 0 ? turned.reverse() : turned).slice(0, 4)
      await shop.promotions.registerUsage({ key, promotions: some.map((id) => use(id)) })
      if (index % 4 === 0) await shop.promotions.revertUsage(key)
    })

    expect(won(results)).toBeGreaterThan(30)
    expect(await difference()).toEqual([])
  })

  it("count one order once that is registered many times, and take it back once", async () => {
    const id = await make({ limit: 5, ...inCampaign({ type: "use_by_attribute", attribute: "customer_id", limit: 5 }) })
    const same = orders.map(() => "order_same")

    const registered = await all(same, (shop, key) =>
      shop.promotions.registerUsage({ key, promotions: [use(id)], customerId: "cus_1" }),
    )
    expect(won(registered)).toBe(40)
    expect(await usedOf(id)).toEqual([1, "1"])

    await all(same, (shop, key) => shop.promotions.revertUsage(key))
    expect(await usedOf(id)).toEqual([0, "0"])
    expect(await difference()).toEqual([])
  })

  it("get exactly the limit in several processes", async () => {
    const id = await make({ limit: 5 })
    const script = join(import.meta.dirname, "../../test/processes/register.ts")

    const printed = await Promise.all(
      ["a", "b", "c", "d"].map((name) => {
        const child = spawn(process.execPath, [script, database.url, id, name, "10"], {
          stdio: ["ignore", "pipe", "inherit"],
          env: { ...process.env, NODE_OPTIONS: "--conditions=@marquetry/source --disable-warning=ExperimentalWarning" },
        })
        return text(child.stdout)
      }),
    )

    expect(printed.map(Number).reduce((a, b) => a + b)).toBe(5)
    expect(await usedOf(id)).toEqual([5, undefined])
  })
})
