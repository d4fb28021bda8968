import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.drop())

const lists = [
  "products",
  "product-variants",
  "product-categories",
  "collections",
  "product-tags",
  "product-types",
  "product-options",
  "regions",
  "currencies",
]

describe("a request that cannot be answered", () => {
  it.each(
    [
      ["limit=-1", "Value for field 'limit' too small, expected at least: '0'"],
      ["offset=-1", "Value for field 'offset' too small, expected at least: '0'"],
      ["limit=ten", "Expected type: 'number' for field 'limit', got: 'ten'"],
      ["limit=1e3", "Expected type: 'number' for field 'limit', got: '1e3'"],
      ["limit=999999999999999999999999", "too big"],
      [
        "limit=&offset=",
        "Expected type: 'number' for field 'limit', got: ''; Expected type: 'number' for field 'offset'",
      ],
      ["colour=red", "Invalid request: Unrecognized fields: 'colour'"],
      ["colour=red&size=m", "Unrecognized fields: 'colour', 'size'"],
      ["with_deleted=true", "Unrecognized fields: 'with_deleted'"],
      ["order=colour", "colour"],
      ["order=metadata", "metadata"],
      ["fields[]=id", "'fields'"],
      ["created_at[$gt]=yesterday", "a date"],
      ["created_at[$between]=1", "created_at"],
      ["$or=x", "'$or'"],
      ["$or[0][colour]=red", "'$and' and '$or'"],
      ["id=%00", "compared with text"],
      ["created_at[$re]=(", "$re"],
      [`q=${"x".repeat(501)}`, "'q'"],
      [`fields=${"x,".repeat(301)}`, "300"],
      [`${"x=1&".repeat(501)}x=1`, "query string"],
    ].map(([query, message]) => [query?.slice(0, 40), query, message]),
  )("is refused: ?%s", async (_, query, message) => {
    for (const list of ["products", "collections"]) {
      const { status, body } = await shop.get(`/store/${list}?${query}`)

      expect({ status, type: body["type"] }).toEqual({ status: 400, type: "invalid_data" })
      expect(body["message"]).toContain(message)
      expect(body["code"]).toMatch(/^(request|query)\.invalid$/)
    }
  })

  it.each(lists)("is about no row of /store/%s: 404", async (list) => {
    for (const id of ["x", "1'; drop table product; --", "%E2%98%83", "a".repeat(199)]) {
      const { status, body } = await shop.get(`/store/${list}/${encodeURIComponent(decodeURIComponent(id))}`)

      expect([status, body["type"], body["code"]]).toEqual([404, "not_found", "resource.not_found"])
      expect(body["message"]).toMatch(/^[A-Z][a-z ]+ with (id|code): .* was not found$/)
    }
  })

  it.each([
    ["/store/nothing", 404, "request.unknown_path"],
    ["/store/products/a/b", 404, "request.unknown_path"],
    ["/store/products/%00", 400, "query.invalid"],
    ["/store/products/%zz", 400, "request.malformed_url"],
    [`/store/products/${"x".repeat(10_000)}`, 414, "request.path_too_long"],
  ] as const)("is for %.40s", async (url, status, code) => {
    const answer = await shop.get(url)

    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ type: expect.any(String), message: expect.any(String), code })
  })

  it("is one with a method that there is not", async () => {
    const answer = await shop.raw("POST", "/store/products", { "x-publishable-api-key": shop.token })

    expect(answer).toMatchObject({ status: 404, body: { code: "request.unknown_path" } })
  })

  it("takes a query string of ten thousand characters", async () => {
    const many = Array.from({ length: 300 }, (_, index) => `id[]=prod_${index}${"x".repeat(20)}`).join("&")

    expect((await shop.get(`/store/products?${many}`)).body).toMatchObject({ count: 0 })
  })
})

/** Pieces that mean something to somebody on the way: the query string, the filters, SQL, JSON, regular expressions. */
const words = [
  "id title handle q order limit offset fields variants created_at categories category_id tag_id collection_id type_id",
  "option_value_id region_id sales_channel_id metadata $and $or $not $eq $ne $in $nin $gt $lte $like $ilike $re $contains",
  "null true -1 0 1e400 NaN 2026-01-01 ' \" ;-- \\ %00 % ( [ ] {} * + - . , __proto__ constructor toString",
  "calculated_price variants.calculated_price parent_category include_descendants_tree products sku options values é 🪵",
].flatMap((line) => line.split(" "))
words.push(" ", "\u0000", "\uD800")
const word = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, fc.string({ maxLength: 6 }))
const name = fc
  .tuple(word, fc.array(word, { maxLength: 4 }), fc.boolean())
  .map(([head, rest, dotted]) => `${head}${rest.map((step) => (dotted ? `.${step}` : `[${step}]`)).join("")}`)
const parameter = fc.tuple(name, fc.array(word, { maxLength: 4 }), fc.boolean()).map(([key, value, encoded]) => {
  const joined = value.join("")
  return `${escaped(key)}=${encoded ? encodeURIComponent(joined.toWellFormed()) : escaped(joined)}`
})
/** What no HTTP client can send is left out; everything else goes as it is. */
const escaped = (text: string) =>
  text.toWellFormed().replaceAll(/[^!$'()*+,\-./0-9:;<=>@A-Z[\]^_`a-z{|}~%]/gu, encodeURIComponent)
const queryString = fc.array(parameter, { maxLength: 6 }).map((parts) => parts.join("&"))

/** Filters that are well formed, of fields and relations that there are, mostly. */
const filter = fc.letrec((tie) => ({
  value: fc.constantFrom("x", "null", "true", "1", "2026-01-01", "%", "(", "\\", "'"),
  operators: fc.dictionary(
    fc.constantFrom("$eq", "$ne", "$in", "$nin", "$gt", "$gte", "$lt", "$lte", "$like", "$ilike", "$re", "$contains"),
    tie("value"),
    { minKeys: 1, maxKeys: 2 },
  ),
  operand: fc.oneof(tie("value"), tie("operators"), fc.array(tie("value"), { maxLength: 3 })),
  fields: fc.dictionary(
    fc.constantFrom(
      "id",
      "title",
      "created_at",
      "updated_at",
      "variants",
      "collection_id",
      "is_giftcard",
      "external_id",
    ),
    fc.oneof(
      tie("operand"),
      fc.dictionary(
        fc.constantFrom("sku", "title", "weight", "metadata", "options", "manage_inventory"),
        tie("operand"),
      ),
    ),
    { maxKeys: 3 },
  ),
  logic: fc.dictionary(fc.constantFrom("$and", "$or"), fc.array(tie("fields"), { maxLength: 3 }), { maxKeys: 1 }),
})).fields

const flat = (value: unknown, at: string): string[] => {
  if (Array.isArray(value)) return value.flatMap((inner, index) => flat(inner, `${at}[${index}]`))
  if (typeof value !== "object" || value === null) return [`${at}=${encodeURIComponent(String(value))}`]
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, at === "" ? key : `${at}[${key}]`))
}

describe("whatever is asked", () => {
  /** An answer that is neither JSON nor a refusal that says why; `undefined` for one that is. */
  const faultOf = async (url: string) => {
    const { status, body } = await shop.get(url)
    const isRefusal =
      [400, 404].includes(status) && ["type", "message", "code"].every((key) => typeof body[key] === "string")
    return status === 200 || isRefusal ? undefined : { url, status, body }
  }
  it("is answered, and is never a fault of ours", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...lists, ...lists.map((list) => `${list}/x`)),
        queryString,
        async (path, query) => {
          expect(await faultOf(`/store/${path}?${query}`)).toBeUndefined()
        },
      ),
      { numRuns: 1_500 },
    )
  }, 120_000)

  it("is answered for every choice of fields", async () => {
    const item = fc
      .tuple(fc.constantFrom("", "+", "-", "*", " ", "%2B"), fc.array(word, { minLength: 1, maxLength: 4 }))
      .map(([prefix, path]) => `${prefix}${path.join(".")}`)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lists), fc.array(item, { maxLength: 6 }), async (list, items) => {
        expect(await faultOf(`/store/${list}?fields=${escaped(items.join(","))}&limit=2`)).toBeUndefined()
      }),
      { numRuns: 600 },
    )
  }, 120_000)

  it("is answered for every filter", async () => {
    await fc.assert(
      fc.asyncProperty(filter, fc.constantFrom("", "$or[0]", "$and[1]"), async (filters, at) => {
        expect(await faultOf(`/store/products?${flat(filters, at).join("&")}`)).toBeUndefined()
      }),
      { numRuns: 800 },
    )
  }, 120_000)
})
