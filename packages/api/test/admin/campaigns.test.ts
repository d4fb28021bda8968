import { PromotionService } from "@marquetry/promotion"
import { aPromotion } from "@marquetry/promotion/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
let promotions: PromotionService
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  promotions = office.container.resolve(PromotionService)
})
afterAll(() => office.drop())

let made = 0
let identifier: string
beforeEach(() => {
  identifier = `campaign-${++made}`
})
const newCampaign = async (body: object = {}): Promise<string> => {
  const answer = await office.post("/admin/campaigns", { name: "Sale", campaign_identifier: identifier, ...body })
  return (answer.body["campaign"] as { id: string }).id
}

describe("campaigns", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const body = {
      name: "Summer",
      description: "All of it",
      campaign_identifier: identifier,
      starts_at: "2026-06-01T00:00:00.000Z",
      ends_at: "2026-08-31T00:00:00.000Z",
    }
    const budget = { type: "spend", limit: 5000, currency_code: "eur" }

    const { campaign: created } = await sdk.admin.campaign.create({ ...body, budget })
    const { campaign: changed } = await sdk.admin.campaign.update(created.id, {
      name: "Summers",
      budget: { limit: 8000 },
    })
    const { campaign: read } = await sdk.admin.campaign.retrieve(created.id)
    const { campaigns: found, count } = await sdk.admin.campaign.list({ q: "summers", campaign_identifier: identifier })
    const deleted = await sdk.admin.campaign.delete(created.id)

    expect(created).toMatchObject({ ...body, budget: { ...budget, used: 0, attribute: null }, deleted_at: null })
    expect(changed).toMatchObject({ name: "Summers", budget: { id: created.budget.id, limit: 8000 } })
    expect([read, found, count]).toEqual([changed, [changed], 1])
    expect(deleted).toEqual({ id: created.id, object: "campaign", deleted: true })
    const entries = await office.audit(created.id)
    expect(entries.map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
    expect(entries[1]?.changes).toMatchObject({ "budget.limit": { from: 5000, to: 8000 } })
  })

  it.each([
    ["an end before its start", { starts_at: "2026-02-01T00:00:00Z", ends_at: "2026-01-01T00:00:00Z" }],
    ["a budget in no currency", { budget: { type: "spend", limit: 5 } }],
    ["a budget of a currency that there is not", { budget: { type: "spend", limit: 5, currency_code: "zzz" } }],
    ["a day that is none", { starts_at: "tomorrow" }],
  ])("are refused with %s", async (_, body) => {
    const answer = await office.post("/admin/campaigns", { name: "Sale", campaign_identifier: identifier, ...body })

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect((await office.get(`/admin/campaigns?campaign_identifier=${identifier}`)).body["count"]).toBe(0)
  })

  it("have identifiers of their own, and one change by two who have seen the same", async () => {
    const body = { name: "Sale", campaign_identifier: identifier }
    const answers = await Promise.all([1, 2, 3].map(() => office.post("/admin/campaigns", body)))
    const won = answers.find(({ status }) => status === 200)
    const headers = { "if-match": won?.headers.get("etag") as string }
    const path = `/admin/campaigns/${((won?.body ?? {})["campaign"] as { id: string }).id}`

    const changes = await Promise.all(["A", "B"].map((name) => office.post(path, { name }, { headers })))

    expect(statusesOf(answers)).toEqual([200, 422, 422])
    expect(statusesOf(changes)).toEqual([200, 412])
  })

  it("get no limit where they have no budget", async () => {
    const answer = await office.post(`/admin/campaigns/${await newCampaign()}`, { budget: { limit: 5 } })

    expect(answer).toMatchObject({ status: 400, body: { code: "promotion.campaign_has_no_budget" } })
  })

  it("take promotions in and let them go, all or none", async () => {
    const id = await newCampaign()
    const rows = await promotions.createMany([aPromotion(), aPromotion()])
    const [one, two] = rows.map((row) => row.id) as [string, string]
    const members = async () => {
      const { body } = await office.get(`/admin/campaigns/${id}?fields=promotions.id`)
      return ((body["campaign"] as Json)["promotions"] as { id: string }[]).map((row) => row.id).toSorted()
    }

    const { campaign } = await sdk.admin.campaign.batchPromotions(id, { add: [one, two] })
    const both = await members()
    const refused = [
      await office.post(`/admin/campaigns/${id}/promotions`, { add: ["promo_0"], remove: [one] }),
      await office.post(`/admin/campaigns/${await newCampaign({ campaign_identifier: "other" })}/promotions`, {
        remove: [one],
      }),
    ]
    const still = await members()
    await sdk.admin.campaign.batchPromotions(id, { remove: [one] })

    expect(campaign.id).toBe(id)
    expect(refused.map(({ status }) => status)).toEqual([404, 404])
    expect([both, still, await members()]).toEqual([[one, two], [one, two], [two]])
    const entries = await office.audit(one)
    expect(entries.map(({ action }) => action)).toEqual(["campaign_changed", "campaign_changed"])
  })

  it("are not left with promotions that come while they are deleted", async () => {
    const id = await newCampaign()
    const rows = await promotions.createMany([aPromotion(), aPromotion(), aPromotion()])

    const answers = await Promise.all([
      ...rows.map((row) => office.post(`/admin/campaigns/${id}/promotions`, { add: [row.id] })),
      office.delete(`/admin/campaigns/${id}`),
    ])
    const { body } = await office.get(`/admin/promotions?campaign_id=${id}`)

    expect(answers.at(-1)?.status).toBe(200)
    expect(answers.filter(({ status }) => ![200, 404].includes(status))).toEqual([])
    expect(body["count"]).toBe(0)
  })

  it("are listed by their budget, in three statements", async () => {
    await newCampaign({ budget: { type: "usage", limit: 3 } })

    const { body } = await office.get(`/admin/campaigns?campaign_identifier=${identifier}&budget[type]=usage`)
    const sent = await office.statements(() => office.get("/admin/campaigns"))

    expect(body["count"]).toBe(1)
    expect(sent).toHaveLength(3)
  })
})
