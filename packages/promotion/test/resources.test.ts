import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startPromotion } from "../src/index.ts"
import { aBuyGet, aCampaign, aPromotion } from "../src/testing.ts"

type Alone = Awaited<ReturnType<typeof startPromotion>>

let database: TestDatabase
let alone: Alone

beforeAll(async () => {
  database = await createTestDatabase()
  alone = await startPromotion({ database: database.url })
  await alone.migrate()
  const rule = { attribute: "region.id", operator: "in" as const, values: ["reg_1", "reg_2"] }
  await alone.promotions.createMany([
    aBuyGet("prod_1", {
      code: "THIRD",
      rules: [rule],
      campaign: aCampaign({ name: "Fall", budget: { type: "usage", limit: 9 } }),
    }),
    aPromotion({ code: "TEN" }),
  ])
})

afterAll(async () => {
  await alone.close()
  await database.drop()
})

const read = async (name: string, fields: object, filter: object = {}) => {
  const { rows } = await alone.query.listAny(name, { fields: fields as never, filter: filter as never, names: "wire" })
  return rows
}

it("shows a promotion as the wire has it, rules with their values as objects", async () => {
  const [promotion] = await read(
    "promotion",
    {
      "*": true,
      campaign: { "*": true, budget: true },
      application_method: { "*": true, target_rules: { values: { value: true } }, buy_rules: true },
      rules: { attribute: true, operator: true, values: { value: true } },
    },
    { code: "THIRD" },
  )

  const times = { created_at: expect.any(String), updated_at: expect.any(String), deleted_at: null }
  const promotionId = expect.stringMatching(/^promo_/)
  const campaignId = expect.stringMatching(/^procamp_/)
  const methodId = expect.stringMatching(/^proappmet_/)
  expect(promotion).toEqual({
    id: promotionId,
    code: "THIRD",
    type: "buyget",
    status: "active",
    is_automatic: false,
    is_tax_inclusive: false,
    limit: null,
    used: 0,
    metadata: null,
    campaign_id: campaignId,
    ...times,
    campaign: {
      id: campaignId,
      name: "Fall",
      description: null,
      campaign_identifier: expect.any(String),
      starts_at: null,
      ends_at: null,
      ...times,
      budget: {
        id: expect.stringMatching(/^probudg_/),
        type: "usage",
        currency_code: null,
        limit: 9,
        used: 0,
        attribute: null,
        campaign_id: campaignId,
        ...times,
      },
    },
    application_method: {
      id: methodId,
      description: null,
      type: "percentage",
      target_type: "items",
      allocation: "each",
      value: 100,
      currency_code: null,
      max_quantity: null,
      apply_to_quantity: 1,
      buy_rules_min_quantity: 2,
      promotion_id: promotionId,
      ...times,
      target_rules: [{ values: [{ value: "prod_1" }] }],
      buy_rules: [
        {
          id: expect.stringMatching(/^prorul_/),
          description: null,
          attribute: "items.product.id",
          operator: "eq",
          values: [{ value: "prod_1" }],
          promotion_id: null,
          target_method_id: null,
          buy_method_id: methodId,
          ...times,
        },
      ],
    },
    rules: [{ attribute: "region.id", operator: "in", values: [{ value: "reg_1" }, { value: "reg_2" }] }],
  })
})

it.each<[string, object, number]>([
  ["promotion", { campaign: { name: "Fall" } }, 1],
  ["promotion", { application_method: { type: "percentage" } }, 2],
  ["promotion", { rules: { attribute: "region.id" } }, 1],
  ["promotion", { application_method: { target_rules: { attribute: "items.product.id" } } }, 1],
  ["campaign", { promotions: { code: "THIRD" } }, 1],
  ["campaign_budget", { type: "usage" }, 1],
  ["promotion_rule", { promotion: { code: "THIRD" } }, 1],
  ["promotion_rule", {}, 3],
  ["application_method", { promotion: { code: "TEN" } }, 1],
])("finds a %s by %j: %i", async (resource, filter, count) => {
  expect(await read(resource, { id: true }, filter)).toHaveLength(count)
})

it("shows the promotions of a campaign", async () => {
  expect(await read("campaign", { name: true, promotions: { code: true } })).toEqual([
    { name: "Fall", promotions: [{ code: "THIRD" }] },
  ])
})
