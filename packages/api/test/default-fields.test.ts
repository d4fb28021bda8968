import { resourceSchema } from "@marquetry/http"
import { ResourceRegistry } from "@marquetry/kernel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { storeApi } from "../src/index.ts"
import { keysOf, openShop, rows, type Json, type Shop } from "./shop.ts"

const list = (text: string) => text.split(/[,\s]+/).filter((word) => word !== "")

/** All scalars of the contract's entities: what `*relation` answers. */
const dates = "created_at updated_at deleted_at"
const type = list(`id value external_id metadata ${dates}`)
const collection = list(`id title handle external_id metadata ${dates}`)
const option = list(`id title is_exclusive metadata ${dates}`)
const value = list(`id value rank metadata option_id ${dates}`)
const image = list(`id url metadata rank product_id ${dates}`)
const variant =
  list(`id title sku barcode ean upc allow_backorder manage_inventory hs_code origin_country mid_code material
  weight length height width metadata variant_rank thumbnail product_id ${dates}`)
const category =
  list(`id name description handle is_active is_internal rank external_id parent_category_id mpath metadata
  ${dates}`)
const product = list(`id title subtitle status external_id description handle is_giftcard discountable thumbnail
  collection_id type_id weight length height width hs_code origin_country mid_code material metadata ${dates}`)
const country = list(`iso_2 iso_3 num_code name display_name region_id metadata`)

/** Keys of a row, and those of what is inside it, by where that is. */
type Shape = Readonly<Record<string, readonly string[]>>

const shapes: Record<string, Shape> = {
  products: {
    "": list(`id title subtitle description handle is_giftcard discountable thumbnail collection_id type_id weight length
      height width hs_code origin_country mid_code material created_at updated_at
      type collection options tags images variants`),
    type,
    collection,
    tags: type,
    images: image,
    options: [...option, "values"],
    "options.values": value,
    variants: [...variant, "options"],
    "variants.options": value,
  },
  "product-variants": {
    "": list(`id title sku barcode ean upc allow_backorder manage_inventory variant_rank product_id thumbnail hs_code
      origin_country mid_code material weight length height width created_at updated_at metadata options images product`),
    options: value,
    images: image,
    product: ["id", "type_id"],
  },
  "product-categories": {
    "": list(`id name description handle rank external_id parent_category_id created_at updated_at metadata
      parent_category category_children`),
    parent_category: category,
    category_children: category,
  },
  collections: { "": list("id title handle external_id created_at updated_at") },
  "product-tags": { "": list("id value external_id created_at updated_at metadata products"), products: product },
  "product-types": { "": list("id value external_id created_at updated_at metadata products"), products: product },
  "product-options": { "": list("id title is_exclusive created_at updated_at metadata values"), values: value },
  regions: {
    "": list("id name currency_code created_at updated_at deleted_at metadata countries"),
    countries: country,
  },
  currencies: { "": list("code name symbol symbol_native decimal_digits rounding") },
}

/** What is at a path of a row: the first of a list. */
const inside = (row: Json, path: string): Json =>
  path === ""
    ? row
    : path.split(".").reduce((level, step) => [level[step]].flat().find((item) => item != null) as Json, row)

describe("without fields", () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop.drop())

  /** A list's rows and, of one of them that has everything, what reading it alone answers. */
  const both = async (path: string) => {
    const listed = await shop.get(`/store/${path}`)
    const key = Object.keys(listed.body)[0] as string
    const full = rows(listed.body, key).find((row) =>
      Object.keys(shapes[path] ?? {}).every((place) => {
        const found =
          place === ""
            ? row
            : place.split(".").reduce<unknown>((level, step) => {
                const [first] = [(level as Json | undefined)?.[step] ?? []].flat()
                return first
              }, row)
        return found != null
      }),
    ) as Json
    const alone = await shop.get(`/store/${path}/${String(full["id"] ?? full["code"])}`)
    return { listed, key, full, alone }
  }

  it.each(Object.entries(shapes))(
    "/store/%s answers the fields of the contract, at every level",
    async (path, shape) => {
      const { listed, full, alone } = await both(path)

      const keys = Object.fromEntries(Object.keys(shape).map((place) => [place, keysOf(inside(full, place))]))
      expect(listed.status).toBe(200)
      expect(keysOf(listed.body).filter((key) => ["count", "limit", "offset"].includes(key))).toHaveLength(3)
      expect(keys).toEqual(Object.fromEntries(Object.entries(shape).map(([place, names]) => [place, names.toSorted()])))
      expect(alone.status).toBe(200)
      expect(Object.values(alone.body)).toEqual([full])
    },
  )

  it.each(Object.keys(shapes))("/store/%s answers what its documentation says", async (path) => {
    const registry = shop.container.resolve(ResourceRegistry)
    const routes = (storeApi().routes ?? []).filter((route) => route.path.startsWith(`/store/${path}`))
    const { listed, key, alone } = await both(path)

    for (const { schemas } of routes) {
      const response = schemas.response as {
        key: string
        resource: string
        list: boolean
        fields: (r: typeof registry) => Json
      }
      const schema = resourceSchema(registry, response.resource, response.fields(registry) as never)
      const answered = response.list ? rows(listed.body, key) : [alone.body[response.key]]
      // Parsing drops what the schema does not know, so equality means that there is no such thing.
      expect(answered.map((row) => schema.parse(row))).toEqual(answered)
    }
    expect(routes).toHaveLength(2)
  })

  it("pages as each list of the contract does", async () => {
    const limits = await Promise.all(
      Object.keys(shapes).map(async (path) => [path, (await shop.get(`/store/${path}`)).body["limit"]]),
    )

    expect(Object.fromEntries(limits)).toEqual({
      products: 50,
      "product-variants": 20,
      "product-categories": 50,
      collections: 10,
      "product-tags": 50,
      "product-types": 50,
      "product-options": 50,
      regions: 50,
      currencies: 50,
    })
  })
})
