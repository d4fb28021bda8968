import { CustomerGroupService } from "@marquetry/customer"
import { CampaignService, PromotionService } from "@marquetry/promotion"
import { aBuyGet, aCampaign, aPromotion } from "@marquetry/promotion/testing"
import { RegionService } from "@marquetry/region"
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
let code: string
beforeEach(() => {
  code = `TEST${++made}`
})
const percent = (value = 10) => ({ type: "percentage", target_type: "order", value })

describe("promotions", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const body = {
      code,
      type: "standard",
      is_automatic: true,
      limit: 100,
      metadata: { a: 1 },
      application_method: {
        type: "fixed",
        target_type: "items",
        allocation: "each",
        value: 12.5,
        currency_code: "eur",
        max_quantity: 2,
        target_rules: [{ attribute: "items.product.id", operator: "in", values: ["prod_1", "prod_2"] }],
      },
      rules: [{ attribute: "region.id", operator: "eq", values: "reg_1", description: "Europe" }],
      campaign: { name: "Summer", campaign_identifier: code, budget: { type: "usage", limit: 5 } },
    }
    const { promotion: created } = await sdk.admin.promotion.create(body)
    const { promotion: changed } = await sdk.admin.promotion.update(created.id, {
      status: "active",
      application_method: { value: 15 },
    })
    const { promotion: read } = await sdk.admin.promotion.retrieve(created.id)
    const { promotion: byCode } = await sdk.admin.promotion.retrieve(code)
    const { promotions: found, count } = await sdk.admin.promotion.list({ q: code, campaign_id: created.campaign.id })
    const deleted = await sdk.admin.promotion.delete(created.id)

    expect(created).toMatchObject({
      code,
      type: "standard",
      status: "draft",
      is_automatic: true,
      is_tax_inclusive: false,
      limit: 100,
      used: 0,
      application_method: {
        ...body.application_method,
        target_rules: [{ attribute: "items.product.id", values: [{ value: "prod_1" }, { value: "prod_2" }] }],
        buy_rules: [],
      },
      rules: [{ attribute: "region.id", operator: "eq", values: [{ value: "reg_1" }] }],
      campaign: { campaign_identifier: code, budget: { type: "usage", limit: 5, used: 0 } },
    })
    expect(changed).toMatchObject({ status: "active", application_method: { value: 15, max_quantity: 2 } })
    expect([read, byCode, found, count]).toEqual([changed, changed, [changed], 1])
    expect(deleted).toEqual({ id: created.id, object: "promotion", deleted: true })
    const entries = await office.audit(created.id)
    expect(entries.map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
    expect(entries[1]?.changes).toMatchObject({ "application_method.value": { from: 12.5, to: 15 } })
  })

  it.each([
    ["more than all", { type: "standard", application_method: percent(101) }, "from 0 to 100 per cent"],
    [
      "a fixed amount of nothing known",
      { type: "standard", application_method: { type: "fixed", target_type: "order", value: 5 } },
      "needed by a fixed amount",
    ],
    ["no method", { type: "standard" }, "Field 'application_method' is required"],
    ["something to get for nothing bought", { type: "buyget", application_method: percent() }, "needed by buyget"],
  ])("are refused with %s", async (_, body, message) => {
    const { status, body: answer } = await office.post("/admin/promotions", { code, ...body })

    expect([status, answer["type"]]).toEqual([400, "invalid_data"])
    expect(answer["message"]).toContain(message)
  })

  it("are refused with a campaign that there is not, and with a code that another has", async () => {
    const body = { code, type: "standard", application_method: percent() }

    const unknown = await office.post("/admin/promotions", { ...body, campaign_id: "procamp_0" })
    const answers = await Promise.all([1, 2, 3].map(() => office.post("/admin/promotions", body)))

    expect(unknown.status).toBe(404)
    expect(statusesOf(answers)).toEqual([200, 422, 422])
  })

  it("are changed once by two who have seen the same, and known by a version", async () => {
    const { id } = await promotions.create(aPromotion({ code }))
    const byCode = await office.get(`/admin/promotions/${code}`)
    const version = byCode.headers.get("etag") as string
    const known = await office.get(`/admin/promotions/${id}`, { headers: { "if-none-match": version } })

    const answers = await Promise.all(
      [1, 2].map((limit) => office.post(`/admin/promotions/${id}`, { limit }, { headers: { "if-match": version } })),
    )

    expect(known.status).toBe(304)
    expect(statusesOf(answers)).toEqual([200, 412])
  })

  it("are found by their code, their method and when they were made, in three statements", async () => {
    await promotions.create(aPromotion({ code }))
    const found = async (query: string) =>
      (await office.get(`/admin/promotions?code[$like]=${code}%25&${query}`)).body["count"]

    const counts = await Promise.all(
      [
        "application_method[type]=percentage",
        "application_method[type]=fixed",
        "created_at[$gt]=2020-01-01",
        "created_at[$lt]=2020-01-01",
      ].map(found),
    )
    const sent = await office.statements(() => office.get("/admin/promotions?q=test"))

    expect(counts).toEqual([1, 0, 1, 0])
    expect(sent).toHaveLength(3)
  })
})

describe("rules of a promotion", () => {
  it("are added, changed and removed by the official client", async () => {
    const { id } = await promotions.create(aPromotion({ code }))

    const added = (await sdk.admin.promotion.addRules(id, "rules", {
      rules: [
        { attribute: "region.id", operator: "in", values: ["reg_1"] },
        { attribute: "sales_channel_id", operator: "eq", values: "sc_1", description: "Web" },
      ],
    })) as unknown as { created: Json[] }
    const [region, channel] = added.created.map((rule) => rule["id"] as string) as [string, string]
    const changed = (await sdk.admin.promotion.updateRules(id, "rules", {
      rules: [{ id: region, operator: "ne", values: ["reg_2", "reg_3"] }],
    })) as unknown as { updated: Json[] }
    const removed = (await sdk.admin.promotion.removeRules(id, "rules", { rule_ids: [channel] })) as unknown as Json
    const { promotion } = await sdk.admin.promotion.retrieve(id)

    expect(added.created[1]).toMatchObject({
      attribute: "sales_channel_id",
      description: "Web",
      values: [{ value: "sc_1" }],
    })
    expect(changed.updated).toMatchObject([
      { id: region, operator: "ne", values: [{ value: "reg_2" }, { value: "reg_3" }] },
    ])
    expect(removed["deleted"]).toEqual({ ids: [channel], object: "promotion-rule", deleted: true })
    expect(promotion.rules).toMatchObject([{ id: region, operator: "ne" }])
    const actions = (await office.audit(id)).map(({ action }) => action)
    expect(actions).toEqual(["rules_changed", "rules_changed", "rules_changed"])
  })

  it("are kept as they were when one of them is not there, or makes no sense", async () => {
    const { id } = await promotions.create(aBuyGet("prod_1", { code }))
    const [rule] = await promotions.listRules(id, "buyRules")
    const batch = (body: object) => office.post(`/admin/promotions/${id}/buy-rules/batch`, body)

    const answers = [
      await batch({ create: [{ attribute: "items.product.id", operator: "eq", values: "x" }], delete: ["prorul_0"] }),
      await batch({ delete: [rule?.id] }),
      await batch({ create: [{ attribute: "items.quantity", operator: "gte", values: "many" }] }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400])
    expect(await promotions.listRules(id, "buyRules")).toEqual([rule])
  })

  it("are all there when several add some at once", async () => {
    const { id } = await promotions.create(aPromotion({ code }))

    const answers = await Promise.all(
      ["a", "b", "c"].map((value) =>
        office.post(`/admin/promotions/${id}/rules/batch`, {
          create: [{ attribute: "region.id", operator: "eq", values: value }],
        }),
      ),
    )

    expect(statusesOf(answers)).toEqual([200, 200, 200])
    expect(await promotions.listRules(id, "rules")).toHaveLength(3)
  })

  it("are listed with words for what they are about, and for what they name", async () => {
    const region = await office.container
      .resolve(RegionService)
      .create({ name: "Europe", currencyCode: "eur", countries: [] })
    const group = await office.container.resolve(CustomerGroupService).create({ name: "Wholesale" })
    const { id } = await promotions.create(
      aPromotion({
        code,
        applicationMethod: { type: "fixed", targetType: "order", value: 5, currencyCode: "eur" },
        rules: [
          { attribute: "region.id", operator: "in", values: [region.id, "reg_0"] },
          { attribute: "customer.groups.id", operator: "ne", values: [group.id] },
          { attribute: "currency_code", operator: "eq", values: "eur" },
          { attribute: "own.attribute", operator: "eq", values: "1" },
        ],
      }),
    )

    const { rules } = await sdk.admin.promotion.listRules(id, "rules")

    expect(rules).toMatchObject([
      {
        attribute: "region.id",
        attribute_label: "Region",
        operator_label: "In",
        field_type: "multiselect",
        values: [
          { value: region.id, label: "Europe" },
          { value: "reg_0", label: "reg_0" },
        ],
      },
      { attribute: "customer.groups.id", operator_label: "Not In", values: [{ value: group.id, label: "Wholesale" }] },
      { attribute: "own.attribute", attribute_label: "own.attribute", values: [{ value: "1", label: "1" }] },
      { attribute: "currency_code", disguised: true, required: true, values: [{ value: "eur", label: "eur" }] },
    ])
    expect(rules).toHaveLength(4)
  })

  it("show what buying takes among them", async () => {
    const { id } = await promotions.create(aBuyGet("prod_1", { code }))

    const { rules: bought } = await sdk.admin.promotion.listRules(id, "buy-rules")
    const { rules: got } = await sdk.admin.promotion.listRules(id, "target-rules")
    const unknown = await office.get(`/admin/promotions/${id}/other-rules`)

    expect(bought).toMatchObject([
      { attribute: "items.product.id", attribute_label: "Product", operator_label: "Equals" },
      { attribute: "buy_rules_min_quantity", disguised: true, values: 2 },
    ])
    expect(got.at(-1)).toMatchObject({ attribute: "apply_to_quantity", values: 1 })
    expect(unknown).toMatchObject({ status: 400, body: { type: "invalid_data" } })
  })

  it("can be about what carts know, and name what there is", async () => {
    const group = await office.container.resolve(CustomerGroupService).create({ name: `Findable ${code}` })

    const { attributes } = await sdk.admin.promotion.listRuleAttributes("rules", "standard", "order")
    const { attributes: bought } = await sdk.admin.promotion.listRuleAttributes("buy-rules", "buyget", "items")
    const { values, count } = await sdk.admin.promotion.listRuleValues("rules", "customer_group", { q: code, limit: 5 })
    const refused = [
      await office.get("/admin/promotions/rule-attribute-options/other"),
      await office.get("/admin/promotions/rule-value-options/rules/product"),
      await office.get("/admin/promotions/rule-value-options/rules/customer_group?limit=many"),
    ]

    expect(attributes.find(({ id }: Json) => id === "region")).toMatchObject({
      value: "region.id",
      label: "Region",
      field_type: "multiselect",
    })
    expect(bought.map(({ id }: Json) => id)).toContain("buy_rules_min_quantity")
    expect([values, count]).toEqual([[{ value: group.id, label: `Findable ${code}` }], 1])
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400])
  })
})

describe("a promotion in a campaign", () => {
  it("comes in and goes out by either of them", async () => {
    const campaign = await office.container.resolve(CampaignService).create(aCampaign())
    const { id } = await promotions.create(aPromotion({ code }))

    const put = await office.post(`/admin/promotions/${id}`, { campaign_id: campaign.id })
    const taken = await office.post(`/admin/campaigns/${campaign.id}/promotions`, { remove: [id] })
    const { promotion } = await sdk.admin.promotion.retrieve(id)

    expect((put.body["promotion"] as Json)["campaign"]).toMatchObject({ id: campaign.id })
    expect([taken.status, promotion.campaign]).toEqual([200, null])
  })
})
