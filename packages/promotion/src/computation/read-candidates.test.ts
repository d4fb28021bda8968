import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { aCart, anItem } from "../../test/carts.ts"
import { computePromotions, startPromotion, UnknownPromotionCode } from "../index.ts"
import { aBuyGet, aCampaign, aPromotion } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startPromotion>>

let database: TestDatabase
let alone: Alone
let promotions: Alone["promotions"]

beforeAll(async () => {
  database = await createTestDatabase()
  // No relay, so that only the service's own statements are counted.
  alone = await startPromotion({ database: database.url, events: { relay: false } })
  await alone.migrate()
  promotions = alone.promotions
})

beforeEach(async () => {
  await alone.database.run(`delete from "promotion"."promotion"`)
  await alone.database.run(`delete from "promotion"."campaign"`)
})

afterAll(async () => {
  await alone.close()
  await database.drop()
})

const rule = { attribute: "region.id", operator: "eq", values: "reg_1" } as const

describe("candidates", () => {
  const at = new Date("2026-06-01T00:00:00Z")
  const during = (startsAt: string | null, endsAt: string | null) => aCampaign({ startsAt, endsAt })

  it("are those with the codes, whatever they are, and the automatic ones that can apply", async () => {
    await promotions.createMany([
      aPromotion({ code: "ACTIVE" }),
      aPromotion({ code: "DRAFT", status: "draft" }),
      aPromotion({ code: "ENDED", campaign: during(null, "2026-05-01T00:00:00Z") }),
      aPromotion({ code: "NOT-ASKED" }),
      aPromotion({ code: "AUTO", isAutomatic: true, campaign: during("2026-05-01T00:00:00Z", "2026-07-01T00:00:00Z") }),
      aPromotion({ code: "AUTO-DRAFT", isAutomatic: true, status: "draft" }),
      aPromotion({ code: "AUTO-ENDED", isAutomatic: true, campaign: during(null, "2026-05-01T00:00:00Z") }),
      aPromotion({ code: "AUTO-LATER", isAutomatic: true, campaign: during("2026-07-01T00:00:00Z", null) }),
      aPromotion({ code: "AUTO-USED", isAutomatic: true, limit: 1 }),
    ])
    await alone.database.run(`update "promotion"."promotion" set used = 1 where code = 'AUTO-USED'`)

    const found = await promotions.candidates({
      codes: ["ACTIVE", "DRAFT", "ENDED", "active", "NONE", "NONE", "AUTO"],
      at,
    })

    expect(found.promotions.map(({ code }) => code).sort()).toEqual(["ACTIVE", "AUTO", "DRAFT", "ENDED"])
    expect(found.unknownCodes).toEqual(["DRAFT", "active", "NONE"])
    expect(new UnknownPromotionCode(found.unknownCodes)).toMatchObject({
      code: "promotion.unknown_code",
      kind: "invalid",
      details: { codes: ["DRAFT", "active", "NONE"] },
    })
  })

  it("come in one statement with all that the computation needs", async () => {
    const budget = {
      type: "spend_by_attribute",
      attribute: "customer_email",
      currencyCode: "eur",
      limit: "20.50",
    } as const
    const { id } = await promotions.create(
      aBuyGet("prod_1", { limit: 7, rules: [rule], campaign: aCampaign({ budget, startsAt: at }), isAutomatic: true }),
    )
    const use = { promotionId: id, amount: "3.20", currencyCode: "eur" }
    await promotions.registerUsage({ key: "order_1", promotions: [use], email: "A@example.com" })

    let found: unknown
    const sent = await statementsOf(alone.database, async () => {
      found = (await promotions.candidates({ email: "a@Example.com", at })).promotions
    })
    const stranger = await promotions.candidates({ email: "b@example.com", at })
    const nobody = await promotions.candidates({ customerId: "cus_1", at })

    const productRule = { attribute: "items.product.id", operator: "eq", values: ["prod_1"] }
    expect(sent).toHaveLength(1)
    expect(found).toMatchObject([
      {
        id,
        type: "buyget",
        status: "active",
        isAutomatic: true,
        isTaxInclusive: false,
        limit: 7,
        used: 1,
        rules: [{ attribute: "region.id", operator: "eq", values: ["reg_1"] }],
        method: {
          type: "percentage",
          targetType: "items",
          allocation: "each",
          value: "100",
          currencyCode: null,
          maxQuantity: null,
          applyToQuantity: 1,
          buyRulesMinQuantity: 2,
          description: null,
          targetRules: [productRule],
          buyRules: [productRule],
        },
        campaign: {
          startsAt: "2026-06-01T00:00:00.000Z",
          endsAt: null,
          budget: {
            type: "spend_by_attribute",
            currencyCode: "eur",
            limit: "20.5",
            used: "3.2",
            attribute: "customer_email",
          },
        },
      },
    ])
    expect(stranger.promotions[0]?.campaign?.budget?.used).toBe("0")
    expect(nobody.promotions[0]?.campaign?.budget?.used).toBeNull()
  })

  it("are none in a shop without promotions, read from indexes", async () => {
    expect(await promotions.candidates({ codes: ["A"] })).toEqual({ promotions: [], unknownCodes: ["A"] })
    expect(await promotions.candidates()).toEqual({ promotions: [], unknownCodes: [] })
  })

  it("are found among thousands by index", async () => {
    await promotions.createMany(Array.from({ length: 1_000 }, () => aPromotion()))
    await alone.database.run(`analyze "promotion"."promotion"`)
    let text = ""
    const stop = alone.database.statements.subscribe((statement) => (text = statement))
    await promotions.candidates({ codes: ["A"] })
    stop()

    const plan = await alone.database.sql<Record<string, string>>(
      `explain ${text.replaceAll(/\$(\d)/g, (_, n: string) => ["'{A}'", "null", "null", "now()"][Number(n) - 1] as string)}`,
    )

    const lines = plan.map((row) => Object.values(row)[0]).join("\n")
    expect(lines).toContain("promotion_code_unique")
    expect(lines).toContain("promotion_automatic_index")
    expect(lines).not.toContain("Seq Scan on promotion ")
  })
})

it("explains every code and every automatic promotion, unknown and ended ones too", async () => {
  await promotions.createMany([
    aPromotion({ code: "DRAFT", status: "draft" }),
    aPromotion({ code: "ENDED", isAutomatic: true, campaign: aCampaign({ endsAt: new Date("2020-01-01") }) }),
    aPromotion({ code: "ELSEWHERE", isAutomatic: true, rules: [rule] }),
    aPromotion({ code: "TEN" }),
  ])
  const cart = aCart([anItem("a", 1, 20)], [], { attributes: { "region.id": "reg_2" } })

  const verdicts = await promotions.explain(cart, { codes: ["TEN", "NONE", "DRAFT"] })

  const reasons = Object.fromEntries(verdicts.map(({ code, reason }) => [code, reason]))
  expect(reasons).toEqual({
    DRAFT: "draft",
    ENDED: "campaign_ended",
    ELSEWHERE: "rule_not_met",
    TEN: "applied",
    NONE: "unknown_code",
  })
  expect(verdicts.find(({ code }) => code === "ELSEWHERE")?.rule).toMatchObject({
    attribute: "region.id",
    values: ["reg_1"],
  })
})

it("computes what was read", async () => {
  await promotions.createMany([
    aBuyGet("prod_1", { isAutomatic: true }),
    aPromotion({
      code: "FIVE",
      applicationMethod: { type: "fixed", targetType: "order", value: 5, currencyCode: "eur" },
    }),
  ])
  const items = [anItem("line", 3, 30, { attributes: { "items.product.id": "prod_1" } })]
  const { promotions: found } = await promotions.candidates({ codes: ["FIVE"] })

  const { itemAdjustments } = computePromotions(aCart(items), found, new Date())

  expect(itemAdjustments.map(({ amount }) => String(amount))).toEqual(["10", "5"])
})
