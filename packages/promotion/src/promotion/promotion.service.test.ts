import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { CampaignCurrencyDiffers, PromotionCodeTaken, startPromotion } from "../index.ts"
import { aBuyGet, aCampaign, aPromotion } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startPromotion>>

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

const rule = { attribute: "region.id", operator: "eq", values: "reg_1" } as const
const percentage = { type: "percentage", targetType: "order", value: 10 } as const
const fixed = { type: "fixed", targetType: "items", allocation: "across", value: "5.50", currencyCode: "EUR" } as const

describe("making and changing promotions", () => {
  it("keeps what one was made with", async () => {
    const made = await promotions.create({
      code: "Summer10",
      type: "standard",
      status: "active",
      isAutomatic: true,
      isTaxInclusive: true,
      limit: 100,
      metadata: { colour: { id: 7 } },
      rules: [rule, { attribute: "customer.groups.id", operator: "in", values: ["a", "b", "a"], description: "VIP" }],
      applicationMethod: { ...fixed, maxQuantity: 3, targetRules: [{ ...rule, attribute: "items.product.id" }] },
    })

    expect(made).toMatchObject({
      code: "Summer10",
      type: "standard",
      status: "active",
      isAutomatic: true,
      isTaxInclusive: true,
      limit: 100,
      used: 0,
      campaign: null,
      campaignId: null,
      deletedAt: null,
      metadata: { colour: { id: 7 } },
      rules: [
        { attribute: "region.id", operator: "eq", values: [{ value: "reg_1" }], description: null },
        {
          attribute: "customer.groups.id",
          operator: "in",
          values: [{ value: "a" }, { value: "b" }],
          description: "VIP",
        },
      ],
      applicationMethod: {
        type: "fixed",
        targetType: "items",
        allocation: "across",
        value: "5.5",
        currencyCode: "eur",
        maxQuantity: 3,
        targetRules: [{ attribute: "items.product.id", operator: "eq", values: [{ value: "reg_1" }] }],
        buyRules: [],
      },
    })
    expect(made.id).toMatch(/^promo_[0-9A-Z]{26}$/)
    expect(made.applicationMethod?.id).toMatch(/^proappmet_[0-9A-Z]{26}$/)
    expect(made.rules[0]?.id).toMatch(/^prorul_[0-9A-Z]{26}$/)
    expect(await promotions.get(made.id)).toEqual(made)
    expect(await promotions.findByCode("Summer10")).toEqual(made)
    expect(await promotions.findByCode("SUMMER10")).toBeNull()
  })

  it("makes a campaign with it, or puts it into one", async () => {
    const campaign = await campaigns.create(aCampaign())

    const [first, second, third] = await promotions.createMany([
      aPromotion({ campaign: aCampaign({ name: "Own", budget: { type: "usage", limit: 5 } }) }),
      aPromotion({ campaignId: campaign.id }),
      aPromotion(),
    ])

    expect(first?.campaign).toMatchObject({ name: "Own", budget: { type: "usage", limit: "5", used: "0" } })
    expect(second?.campaign).toMatchObject({ id: campaign.id, budget: null })
    expect(third?.campaign).toBeNull()
  })

  it("makes many in order, in as many statements as one", async () => {
    const some = (count: number) =>
      Array.from({ length: count }, () => aPromotion({ rules: [rule], campaign: aCampaign() }))
    const inputs = some(200)

    const forOne = await statementsOf(alone.database, () => promotions.createMany(some(1)))
    let codes: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      codes = (await promotions.createMany(inputs)).map(({ code }) => code)
    })

    expect(codes).toEqual(inputs.map(({ code }) => code))
    expect(forOne).toHaveLength(6)
    expect(forMany).toHaveLength(6)
    expect(await promotions.createMany([])).toEqual([])
  })

  it("changes what is named, and leaves the rest", async () => {
    const before = await promotions.create(aPromotion({ limit: 5, rules: [rule], metadata: { a: 1 } }))

    const after = await promotions.update(before.id, {
      code: "Other",
      status: "inactive",
      applicationMethod: { type: "fixed", value: 7, currencyCode: "usd" },
    })
    const cleared = await promotions.update(before.id, { limit: null, metadata: null })

    expect(after).toMatchObject({
      code: "Other",
      status: "inactive",
      limit: 5,
      rules: before.rules,
      metadata: { a: 1 },
    })
    expect(after.applicationMethod).toMatchObject({
      type: "fixed",
      value: "7",
      currencyCode: "usd",
      targetType: "order",
    })
    expect(cleared).toMatchObject({ code: "Other", limit: null, metadata: null })
    expect(cleared.applicationMethod).toEqual(after.applicationMethod)
  })

  it("moves between campaigns, and out of them", async () => {
    const [from, to] = await campaigns.createMany([aCampaign(), aCampaign()])
    const { id } = await promotions.create(aPromotion({ campaignId: from?.id ?? null }))

    expect((await promotions.update(id, { campaignId: to?.id ?? null })).campaignId).toBe(to?.id)
    expect((await promotions.update(id, { code: "SAME" })).campaignId).toBe(to?.id)
    expect((await promotions.update(id, { campaignId: null })).campaign).toBeNull()
    await expect(promotions.update(id, { campaignId: "procamp_none" })).rejects.toMatchObject({
      details: { id: "procamp_none" },
    })
  })

  it("refuses a code that another has, in these letters, and writes nothing", async () => {
    const { id } = await promotions.create(aPromotion({ code: "second" }))
    await promotions.create(aPromotion({ code: "TAKEN" }))

    await expect(promotions.createMany([aPromotion(), aPromotion({ code: "TAKEN" })])).rejects.toThrow(
      PromotionCodeTaken,
    )
    await expect(promotions.update(id, { code: "TAKEN" })).rejects.toMatchObject({
      code: "promotion.code_taken",
      details: { codes: ["TAKEN"] },
    })

    expect((await promotions.list()).count).toBe(2)
    expect((await promotions.create(aPromotion({ code: "Taken" }))).code).toBe("Taken")
  })

  it("lets one of many have a code that all want at once", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => promotions.create(aPromotion({ code: "WANTED" }))),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof PromotionCodeTaken)).toBe(true)
  })

  it("hides what is deleted with all that belongs to it, and frees its code", async () => {
    const { id } = await promotions.create(aPromotion({ code: "FREE", rules: [rule] }))

    await promotions.delete(id)

    await expect(promotions.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect(await promotions.listRules(id, "rules")).toEqual([])
    expect((await promotions.create(aPromotion({ code: "FREE" }))).id).not.toBe(id)
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(promotions[verb]("promo_none", {})).rejects.toMatchObject({ details: { id: "promo_none" } })
  })

  const rules = [{ attribute: "items.product.id", operator: "eq" as const, values: "prod_1" }]
  const whole = aBuyGet("prod_1").applicationMethod
  it.each<[string, Parameters<typeof aPromotion>[0], string]>([
    ["an empty code", { code: " " }, "code"],
    ["a limit of zero", { limit: 0 }, "limit"],
    ["more than 100 per cent", { applicationMethod: { ...percentage, value: "100.01" } }, "applicationMethod.value"],
    ["a negative percentage", { applicationMethod: { ...percentage, value: -1 } }, "applicationMethod.value"],
    ["a value that is no number", { applicationMethod: { ...fixed, value: "5,50" } }, "applicationMethod.value"],
    [
      "a fixed amount without currency",
      { applicationMethod: { ...fixed, currencyCode: null } },
      "applicationMethod.currencyCode",
    ],
    [
      "a currency that there is not",
      { applicationMethod: { ...fixed, currencyCode: "abc" } },
      "applicationMethod.currencyCode",
    ],
    ["half a yen", { applicationMethod: { ...fixed, currencyCode: "jpy" } }, "applicationMethod.value"],
    [
      "items without an allocation",
      { applicationMethod: { ...percentage, targetType: "items" } },
      "applicationMethod.allocation",
    ],
    ["each of an order", { applicationMethod: { ...percentage, allocation: "each" } }, "applicationMethod.allocation"],
    [
      "targets of an order",
      { applicationMethod: { ...percentage, targetRules: rules } },
      "applicationMethod.targetRules",
    ],
    [
      "buy rules of a standard one",
      { applicationMethod: { ...percentage, buyRules: rules } },
      "applicationMethod.buyRules",
    ],
    [
      "buyget without a number to buy",
      { type: "buyget", applicationMethod: { ...whole, buyRulesMinQuantity: null } },
      "applicationMethod.buyRulesMinQuantity",
    ],
    [
      "buyget without a number to get",
      { type: "buyget", applicationMethod: { ...whole, applyToQuantity: null } },
      "applicationMethod.applyToQuantity",
    ],
    [
      "buyget without buy rules",
      { type: "buyget", applicationMethod: { ...whole, buyRules: [] } },
      "applicationMethod.buyRules",
    ],
    [
      "buyget without target rules",
      { type: "buyget", applicationMethod: { ...whole, targetRules: [] } },
      "applicationMethod.targetRules",
    ],
    [
      "buyget of shipping",
      { type: "buyget", applicationMethod: { ...whole, targetType: "shipping_methods" } },
      "applicationMethod.targetType",
    ],
    ["a comparison with a word", { rules: [{ ...rule, operator: "gt" }] }, "rules.0.values"],
    ["a comparison with two numbers", { rules: [{ ...rule, operator: "lte", values: ["1", "2"] }] }, "rules.0.values"],
    ["a rule without values", { rules: [{ ...rule, values: [] }] }, "rules.0.values"],
    ["two campaigns", { campaignId: "procamp_1", campaign: aCampaign() }, "campaign"],
  ])("refuses %s", async (_, fault, path) => {
    const error = await promotions.create(aPromotion(fault)).catch((reason: unknown) => reason)

    expect(error).toMatchObject({ code: "input.invalid" })
    const { issues } = (error as { details: { issues: { path: string[] }[] } }).details
    expect(issues.map((issue) => issue.path.join("."))).toContain(path)
  })

  it.each<[string, object, string]>([
    ["a type that lacks its parts", { type: "buyget" }, "applicationMethod.buyRules"],
    ["a percentage above 100", { applicationMethod: { value: 101 } }, "applicationMethod.value"],
    ["a fixed amount without currency", { applicationMethod: { type: "fixed" } }, "applicationMethod.currencyCode"],
  ])("refuses %s on update, and changes nothing", async (_, change, path) => {
    const before = await promotions.create(aPromotion())

    const error = await promotions.update(before.id, { code: "CHANGED", ...change }).catch((reason: unknown) => reason)

    const { issues } = (error as { details: { issues: { path: string[] }[] } }).details
    expect(issues.map((issue) => issue.path.join("."))).toContain(path)
    expect(await promotions.get(before.id)).toEqual(before)
  })

  it("refuses a budget in another currency, whichever way it comes", async () => {
    const budget = { type: "spend", currencyCode: "usd", limit: 100 } as const
    const campaign = await campaigns.create(aCampaign({ budget }))
    const euros = await promotions.create(aPromotion({ applicationMethod: fixed }))
    const dollars = await promotions.create(
      aPromotion({ applicationMethod: { ...fixed, currencyCode: "usd" }, campaignId: campaign.id }),
    )

    for (const attempt of [
      () => promotions.create(aPromotion({ applicationMethod: fixed, campaign: aCampaign({ budget }) })),
      () => promotions.create(aPromotion({ applicationMethod: fixed, campaignId: campaign.id })),
      () => promotions.update(euros.id, { campaignId: campaign.id }),
      () => promotions.update(dollars.id, { applicationMethod: { currencyCode: "eur" } }),
      () => campaigns.addPromotions(campaign.id, [euros.id]),
    ]) {
      await expect(attempt()).rejects.toThrow(CampaignCurrencyDiffers)
    }
  })

  it("is found by the beginning of its code, and by its fields", async () => {
    await promotions.createMany([aPromotion({ code: "SUMMER-10" }), aPromotion({ code: "WINTER", status: "draft" })])

    expect((await promotions.list({ q: "summ" })).rows.map(({ code }) => code)).toEqual(["SUMMER-10"])
    expect((await promotions.list({ filter: { status: "draft" } })).rows.map(({ code }) => code)).toEqual(["WINTER"])
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await promotions.create(aPromotion())
    await alone.database
      .transaction(async () => {
        await promotions.update(id, { code: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await promotions.changeRules(id, "rules", { create: [rule] })
    await promotions.delete(id)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent.map(({ name }: { name?: string }) => name)).toEqual([
      "promotion.created",
      "promotion.updated",
      "promotion.deleted",
    ])
  })
})

describe("rules", () => {
  it.each(["rules", "targetRules", "buyRules"] as const)(
    "of the role %s are added, changed and removed",
    async (role) => {
      const { id } = await promotions.create(aBuyGet("prod_1"))
      const [kept] = (await promotions.changeRules(id, role, { create: [rule] })).created

      const first = await promotions.changeRules(id, role, {
        create: [
          { attribute: "total", operator: "gt", values: "5" },
          { ...rule, attribute: "sales_channel_id" },
        ],
        update: [{ id: kept?.id ?? "", values: ["reg_2", "reg_3"], operator: "in", description: "Elsewhere" }],
      })
      const second = await promotions.changeRules(id, role, { delete: [first.created[0]?.id ?? ""] })

      const rules = (await promotions.listRules(id, role)).filter(({ attribute }) => attribute !== "items.product.id")
      expect(rules).toMatchObject([
        { id: kept?.id, operator: "in", values: [{ value: "reg_2" }, { value: "reg_3" }], description: "Elsewhere" },
        { attribute: "sales_channel_id", operator: "eq", values: [{ value: "reg_1" }] },
      ])
      expect(first.updated).toEqual([rules[0]])
      expect(first.created[1]).toEqual(rules[1])
      expect(second).toEqual({ created: [], updated: [], deleted: [first.created[0]?.id] })
    },
  )

  it("keeps all changes that come at once", async () => {
    const { id } = await promotions.create(aPromotion())

    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        promotions.changeRules(id, "rules", { create: [{ ...rule, attribute: `a${index}` }] }),
      ),
    )

    expect(await promotions.listRules(id, "rules")).toHaveLength(10)
  })

  it("refuses what would leave the promotion in pieces, and changes nothing", async () => {
    const { id } = await promotions.create(aBuyGet("prod_1", { rules: [{ ...rule, operator: "gt", values: "1" }] }))
    const [before, [own], [bought]] = await Promise.all([
      promotions.get(id),
      promotions.listRules(id, "rules"),
      promotions.listRules(id, "buyRules"),
    ])

    await expect(promotions.changeRules(id, "buyRules", { delete: [bought?.id ?? ""] })).rejects.toMatchObject({
      code: "input.invalid",
    })
    await expect(promotions.changeRules(id, "rules", { delete: [bought?.id ?? ""] })).rejects.toMatchObject({
      code: "resource.not_found",
    })
    await expect(
      promotions.changeRules(id, "rules", { update: [{ id: own?.id ?? "", values: "many" }] }),
    ).rejects.toMatchObject({ details: { issues: [{ path: ["update", 0, "values"] }] } })
    await expect(
      promotions.changeRules(id, "rules", { create: Array.from({ length: 100 }, () => rule) }),
    ).rejects.toMatchObject({ code: "input.invalid" })

    expect(await promotions.get(id)).toEqual(before)
  })
})
