import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { CampaignIdentifierTaken, startPromotion } from "../index.ts"
import { aCampaign, aPromotion } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startPromotion>>

describe("campaigns", () => {
  let database: TestDatabase
  let alone: Alone
  let promotions: Alone["promotions"]
  let campaigns: Alone["campaigns"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startPromotion({ database: database.url, events: { relay: false } })
    await alone.migrate()
    promotions = alone.promotions
    campaigns = alone.campaigns
  })

  beforeEach(async () => {
    await alone.database.run(`delete from "promotion"."promotion"`)
    await alone.database.run(`delete from "promotion"."campaign"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keep what they were made with", async () => {
    const made = await campaigns.create({
      name: " Summer ",
      campaignIdentifier: "summer-26",
      description: "All of it",
      startsAt: "2026-06-01T00:00:00+02:00",
      endsAt: new Date("2026-09-01T00:00:00Z"),
      budget: { type: "spend", currencyCode: "EUR", limit: "1000.50" },
    })

    expect(made).toMatchObject({
      name: "Summer",
      campaignIdentifier: "summer-26",
      description: "All of it",
      startsAt: "2026-05-31T22:00:00.000Z",
      endsAt: "2026-09-01T00:00:00.000Z",
      budget: { type: "spend", currencyCode: "eur", limit: "1000.5", used: "0", attribute: null },
    })
    expect([made.id, made.budget?.id]).toEqual([
      expect.stringMatching(/^procamp_[0-9A-Z]{26}$/),
      expect.stringMatching(/^probudg_[0-9A-Z]{26}$/),
    ])
    expect(await campaigns.get(made.id)).toEqual(made)
    expect((await campaigns.list({ q: "summ" })).rows).toEqual([made])
  })

  it("are made in any number in four statements, in order", async () => {
    const inputs = Array.from({ length: 100 }, () => aCampaign({ budget: { type: "usage", limit: 1 } }))

    let made: string[] = []
    const sent = await statementsOf(alone.database, async () => {
      made = (await campaigns.createMany(inputs)).map(({ campaignIdentifier }) => campaignIdentifier)
    })

    expect(made).toEqual(inputs.map(({ campaignIdentifier }) => campaignIdentifier))
    expect(sent).toHaveLength(4)
    expect(await campaigns.createMany([])).toEqual([])
  })

  it("change in what is named, and in the limit of their budget", async () => {
    const before = await campaigns.create(aCampaign({ description: "Main", budget: { type: "usage", limit: 5 } }))

    const after = await campaigns.update(before.id, {
      name: "Other",
      budget: { limit: 7 },
      endsAt: "2030-01-01T00:00:00Z",
    })
    const cleared = await campaigns.update(before.id, { description: null, budget: { limit: null }, endsAt: null })

    expect(after).toMatchObject({ name: "Other", description: "Main", endsAt: "2030-01-01T00:00:00.000Z" })
    expect(after.budget).toEqual({ ...before.budget, limit: "7" })
    expect(cleared).toMatchObject({ name: "Other", description: null, endsAt: null, budget: { limit: null } })
  })

  it("take promotions in, out of others, and let them go", async () => {
    const [first, second] = await campaigns.createMany([aCampaign(), aCampaign()])
    const made = await promotions.createMany([
      aPromotion(),
      aPromotion({ campaignId: first?.id ?? null }),
      aPromotion(),
    ])
    const ids = made.slice(0, 2).map(({ id }) => id)
    const inSecond = async () =>
      (await promotions.list({ filter: { campaignId: second?.id ?? "" } })).rows.map(({ id }) => id)

    await campaigns.addPromotions(second?.id ?? "", ids)
    expect(await inSecond()).toEqual(ids)

    await campaigns.removePromotions(second?.id ?? "", ids.slice(1))
    expect(await inSecond()).toEqual(ids.slice(0, 1))

    await expect(campaigns.removePromotions(second?.id ?? "", ids)).rejects.toMatchObject({ details: { id: ids[1] } })
    await expect(campaigns.addPromotions(second?.id ?? "", [ids[1] ?? "", "promo_none"])).rejects.toMatchObject({
      details: { id: "promo_none" },
    })
    await expect(campaigns.addPromotions("procamp_none", ids)).rejects.toMatchObject({
      details: { id: "procamp_none" },
    })
    expect(await inSecond()).toEqual(ids.slice(0, 1))
  })

  it("stop their promotions when they are deleted, and free their identifier", async () => {
    const { id } = await campaigns.create(aCampaign({ campaignIdentifier: "free", budget: { type: "usage" } }))
    const [active, draft] = await promotions.createMany([
      aPromotion({ campaignId: id }),
      aPromotion({ campaignId: id, status: "draft" }),
    ])

    await campaigns.delete(id)

    await expect(campaigns.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect(await promotions.get(active?.id ?? "")).toMatchObject({ status: "inactive", campaign: null })
    expect(await promotions.get(draft?.id ?? "")).toMatchObject({ status: "draft", campaign: null })
    expect((await campaigns.create(aCampaign({ campaignIdentifier: "free" }))).id).not.toBe(id)
  })

  it("leave no promotion in a campaign that is deleted while it comes", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await campaigns.create(aCampaign())
      const made = await promotions.createMany([aPromotion(), aPromotion(), aPromotion()])
      const [one, two, three] = made.map((promotion) => promotion.id) as [string, string, string]

      await Promise.allSettled([
        campaigns.addPromotions(id, [two, one]),
        campaigns.delete(id),
        promotions.update(three, { campaignId: id }),
        promotions.create(aPromotion({ campaignId: id })),
      ])

      expect((await promotions.list({ filter: { campaignId: id } })).count).toBe(0)
    }
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(campaigns[verb]("procamp_none", {})).rejects.toMatchObject({ details: { id: "procamp_none" } })
  })

  it("refuse an identifier that another has, and write nothing", async () => {
    const { id } = await campaigns.create(aCampaign({ campaignIdentifier: "second" }))
    await campaigns.create(aCampaign({ campaignIdentifier: "taken" }))

    await expect(campaigns.createMany([aCampaign(), aCampaign({ campaignIdentifier: "taken" })])).rejects.toThrow(
      CampaignIdentifierTaken,
    )
    await expect(campaigns.update(id, { campaignIdentifier: "taken" })).rejects.toMatchObject({
      details: { campaignIdentifiers: ["taken"] },
    })
    await expect(
      promotions.create(aPromotion({ campaign: aCampaign({ campaignIdentifier: "taken" }) })),
    ).rejects.toThrow(CampaignIdentifierTaken)

    expect((await campaigns.list()).count).toBe(2)
    expect((await promotions.list()).count).toBe(0)
  })

  it.each<[string, Parameters<typeof aCampaign>[0], string]>([
    ["an empty name", { name: " " }, "name"],
    ["spending without a currency", { budget: { type: "spend", limit: 5 } }, "budget.currencyCode"],
    ["uses in a currency", { budget: { type: "usage", currencyCode: "eur" } }, "budget.currencyCode"],
    ["uses by nobody knows whom", { budget: { type: "use_by_attribute" } }, "budget.attribute"],
    ["all uses by customer", { budget: { type: "usage", attribute: "customer_id" } }, "budget.attribute"],
    ["half a use", { budget: { type: "usage", limit: "0.5" } }, "budget.limit"],
    ["a negative limit", { budget: { type: "spend", currencyCode: "eur", limit: -1 } }, "budget.limit"],
  ])("refuse %s", async (_, fault, path) => {
    const error = await campaigns.create(aCampaign(fault)).catch((reason: unknown) => reason)

    expect(error).toMatchObject({ code: "input.invalid" })
    const { issues } = (error as { details: { issues: { path: string[] }[] } }).details
    expect(issues.map((issue) => issue.path.join("."))).toEqual([path])
  })

  it("refuse to end before they start, and a limit without a budget", async () => {
    const dates = { startsAt: "2026-06-01T00:00:00Z", endsAt: "2026-05-01T00:00:00Z" }
    const { id } = await campaigns.create(aCampaign({ startsAt: dates.startsAt }))

    const reversed = { code: "promotion.campaign_dates_reversed" }
    await expect(campaigns.create(aCampaign(dates))).rejects.toMatchObject(reversed)
    await expect(campaigns.update(id, { endsAt: dates.endsAt })).rejects.toMatchObject(reversed)
    await expect(campaigns.update(id, { name: "New", budget: { limit: 5 } })).rejects.toMatchObject({
      code: "promotion.campaign_has_no_budget",
    })
    expect(await campaigns.get(id)).toMatchObject({ name: "Summer", endsAt: null })
  })

  it("tell what happened, with the data or not at all", async () => {
    const { id } = await campaigns.create(aCampaign())
    const { id: promotionId } = await promotions.create(aPromotion())
    await alone.database
      .transaction(async () => {
        await campaigns.update(id, { name: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await campaigns.addPromotions(id, [promotionId])
    await campaigns.delete(id)

    const sent = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = any($1::text[]) order by sequence`,
      [[id, promotionId]],
    )

    expect(sent.map(({ name }) => name)).toEqual([
      "campaign.created",
      "promotion.created",
      "promotion.updated",
      "campaign.updated",
      "promotion.updated",
      "campaign.deleted",
    ])
  })
})
