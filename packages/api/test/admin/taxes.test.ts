import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ProductService, TypeService } from "@marquetry/product"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
let germany: string
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  germany = (await sdk.admin.taxRegion.create({ country_code: "de" } as never)).tax_region.id
})
afterAll(() => office.drop())

describe("tax providers", () => {
  it("are listed", async () => {
    const { tax_providers: all } = await sdk.admin.taxProvider.list({ is_enabled: true } as never)
    const none = await sdk.admin.taxProvider.list({ is_enabled: false } as never)

    expect(all).toEqual([{ id: "tp_system", is_enabled: true }])
    expect(none.count).toBe(0)
  })
})

describe("tax regions", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { tax_region: made } = await sdk.admin.taxRegion.create({
      country_code: "FR",
      default_tax_rate: { name: "TVA", code: "tva", rate: 20 },
      metadata: { currency: "eur" },
    } as never)
    const { tax_region: changed } = await sdk.admin.taxRegion.update(made.id, { provider_id: "tp_system" })
    const { tax_region: read } = await sdk.admin.taxRegion.retrieve(made.id)
    const { tax_regions: found } = await sdk.admin.taxRegion.list({ country_code: "fr" })
    const deleted = await sdk.admin.taxRegion.delete(made.id)

    expect(made).toMatchObject({
      country_code: "fr",
      province_code: null,
      parent_id: null,
      parent: null,
      children: [],
      created_by: office.userId,
      metadata: { currency: "eur" },
      tax_rates: [{ name: "TVA", code: "tva", rate: 20, is_default: true, created_by: office.userId, rules: [] }],
    })
    expect(changed).toEqual({ ...made, provider_id: "tp_system", updated_at: changed.updated_at })
    expect([read, found]).toEqual([changed, [changed]])
    expect(deleted).toEqual({ id: made.id, object: "tax_region", deleted: true })
    await expect(sdk.admin.taxRegion.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    expect((await office.audit(made.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })

  it("have provinces below their country, and take them along", async () => {
    const { tax_region: canada } = await sdk.admin.taxRegion.create({ country_code: "ca" } as never)
    const { tax_region: ontario } = await sdk.admin.taxRegion.create({
      country_code: "ca",
      province_code: "CA-ON",
      parent_id: canada.id,
      default_tax_rate: { name: "HST", code: "hst", rate: 13 },
    } as never)
    const { tax_region: read } = await sdk.admin.taxRegion.retrieve(canada.id)
    const ofParent = await sdk.admin.taxRegion.list({ parent_id: canada.id } as never)
    const roots = await sdk.admin.taxRegion.list({ parent_id: "null", country_code: "ca" } as never)
    await sdk.admin.taxRegion.delete(canada.id)

    expect(ontario).toMatchObject({ province_code: "ca-on", parent_id: canada.id, parent: { country_code: "ca" } })
    expect(read.children).toMatchObject([{ id: ontario.id, tax_rates: [{ name: "HST", rate: 13, rules: [] }] }])
    expect([ofParent.tax_regions, roots.tax_regions]).toMatchObject([[{ id: ontario.id }], [{ id: canada.id }]])
    await expect(sdk.admin.taxRegion.retrieve(ontario.id)).rejects.toMatchObject({ status: 404 })
    expect((await sdk.admin.taxRate.list({ q: "hst" })).count).toBe(0)
  })

  it.each([
    ["a country in words", { country_code: "Germany" }, 400, "request.invalid"],
    ["a province without its country", { country_code: "us", province_code: "us-ca" }, 400, "tax.region_misplaced"],
    [
      "a parent of another country",
      { country_code: "us", province_code: "us-ca", parent_id: "germany" },
      400,
      "tax.region_misplaced",
    ],
    ["a province that cannot be", { country_code: "de", province_code: "?" }, 400, "input.invalid"],
    ["a provider that there is not", { country_code: "it", provider_id: "tp_none" }, 400, "tax.unknown_provider"],
    [
      "a default rate below zero",
      { country_code: "it", default_tax_rate: { name: "X", code: "x", rate: -1 } },
      400,
      "request.invalid",
    ],
  ])("are refused with %s, and nothing is written", async (_, body: Json, status, code) => {
    const given = body["parent_id"] === "germany" ? { ...body, parent_id: germany } : body
    const { count } = await sdk.admin.taxRegion.list()

    const answer = await office.post("/admin/tax-regions", given)

    expect(answer).toMatchObject({ status, body: { type: "invalid_data", code } })
    expect((await sdk.admin.taxRegion.list()).count).toBe(count)
  })

  it("are one for each place, however many make it at the same time", async () => {
    const body = { country_code: "es", default_tax_rate: { name: "IVA", code: "iva", rate: 21 } }

    const answers = await Promise.all([1, 2, 3, 4].map(() => office.post("/admin/tax-regions", body)))

    expect(statusesOf(answers)).toEqual([200, 422, 422, 422])
    expect((await sdk.admin.taxRate.list({ q: "iva" })).count).toBe(1)
  })
})

describe("tax rates", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { tax_rate: made } = await sdk.admin.taxRate.create({
      tax_region_id: germany,
      name: "Reduced",
      code: "reduced",
      rate: 7,
    })
    const { tax_rate: changed } = await sdk.admin.taxRate.update(made.id, { rate: 5.5, is_combinable: true } as never)
    const { tax_rate: read } = await sdk.admin.taxRate.retrieve(made.id)
    const { tax_rates: found } = await sdk.admin.taxRate.list({
      tax_region_id: germany,
      q: "redu",
      is_default: false,
    } as never)
    const deleted = await sdk.admin.taxRate.delete(made.id)

    expect(made).toMatchObject({
      name: "Reduced",
      code: "reduced",
      rate: 7,
      is_default: false,
      is_combinable: false,
      tax_region_id: germany,
      tax_region: { id: germany, country_code: "de" },
      created_by: office.userId,
      rules: [],
    })
    expect(changed).toMatchObject({ rate: 5.5, is_combinable: true })
    expect([read, found]).toEqual([changed, [changed]])
    expect(deleted).toEqual({ id: made.id, object: "tax_rate", deleted: true })
    expect((await office.audit(made.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })

  it("are for what their rules name, one by one or as a list, and for nothing that there is not", async () => {
    const type = await office.container.resolve(TypeService).create({ value: "Books" })
    const [product] = await office.container.resolve(ProductService).createMany([{ title: "Atlas" }])
    const ofType = { reference: "product_type", reference_id: type.id }
    const ofProduct = { reference: "product", reference_id: product?.id }
    const made = await office.post("/admin/tax-rates", {
      tax_region_id: germany,
      name: "Books",
      code: "books",
      rules: [ofType],
    })
    const rate = made.body["tax_rate"] as { id: string; rules: { id: string; created_by: string }[] }
    const path = `/admin/tax-rates/${rate.id}`

    const both = await office.post(`${path}/rules`, ofProduct)
    const refused = [
      await office.post(`${path}/rules`, ofProduct),
      await office.post(`${path}/rules`, { reference: "product", reference_id: "prod_0" }),
      await office.post(`${path}/rules`, { reference: "moon", reference_id: "moon_0" }),
      await office.post(path, { rules: [{ reference: "shipping_option", reference_id: "so_0" }] }),
      await office.delete(`${path}/rules/txrule_0`),
    ]
    const fewer = await office.delete(`${path}/rules/${rate.rules[0]?.id}`)
    const replaced = await office.post(path, { rules: [ofType] })

    expect(made.body["tax_rate"]).toMatchObject({ rate: null, rules: [{ ...ofType, created_by: office.userId }] })
    expect((both.body["tax_rate"] as Json)["rules"]).toMatchObject([ofType, ofProduct])
    expect(refused.map(({ status, body }) => [status, body["code"]])).toEqual([
      [422, "invalid_request_error"],
      [400, "reference.unknown"],
      [400, "request.invalid"],
      [400, "reference.unknown"],
      [404, "resource.not_found"],
    ])
    expect(fewer.body).toMatchObject({
      id: rate.rules[0]?.id,
      object: "tax_rate_rule",
      deleted: true,
      parent: { id: rate.id, rules: [ofProduct] },
    })
    expect((replaced.body["tax_rate"] as Json)["rules"]).toMatchObject([ofType])
    const last = (await office.audit(rate.id)).at(-1)
    expect(Object.keys(last?.changes as object).filter((key) => key.startsWith("rules."))).toHaveLength(2)
  })

  it("are the default of a region once, however many want to be, at one version or another", async () => {
    const { tax_region: region } = await sdk.admin.taxRegion.create({ country_code: "pl" } as never)
    const rate = (name: string) => ({ tax_region_id: region.id, name, code: name, rate: 23, is_default: true })

    const raced = await Promise.all(["a", "b", "c"].map((name) => office.post("/admin/tax-rates", rate(name))))
    const won = raced.find(({ status }) => status === 200)!
    const path = `/admin/tax-rates/${(won.body["tax_rate"] as { id: string }).id}`
    const headers = { "if-match": won.headers.get("etag") as string }
    const changed = await Promise.all([5, 8].map((given) => office.post(path, { rate: given }, { headers })))

    expect(statusesOf(raced)).toEqual([200, 422, 422])
    expect(statusesOf(changed)).toEqual([200, 412])
    expect((await sdk.admin.taxRate.list({ tax_region_id: region.id } as never)).count).toBe(1)
  })

  it("are refused without a region that there is", async () => {
    const answer = await office.post("/admin/tax-rates", { tax_region_id: "txreg_0", name: "X", code: "x" })

    expect(answer).toMatchObject({ status: 404, body: { message: "Tax region with id: txreg_0 was not found" } })
  })

  it("are listed in three statements, like their regions", async () => {
    const rates = await office.statements(() => office.get("/admin/tax-rates"))
    const regions = await office.statements(() => office.get("/admin/tax-regions"))

    expect([rates.length, regions.length]).toEqual([3, 3])
  })
})
