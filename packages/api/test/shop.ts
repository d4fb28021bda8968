import { ApiKeyService, apiKeyModule } from "@marquetry/api-key"
import { currencyModule } from "@marquetry/currency"
import { apiKeySalesChannel, commerceLinks, productSalesChannel, variantPriceSet } from "@marquetry/flows"
import { createBackend, defineConfig, readEnvironment } from "@marquetry/framework"
import { Links, type DependencyContainer } from "@marquetry/kernel"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { PriceListService, PriceSetService, pricingModule } from "@marquetry/pricing"
import {
  CategoryService,
  CollectionService,
  OptionService,
  ProductService,
  productModule,
  TagService,
  TypeService,
  VariantService,
  type CreateProduct,
} from "@marquetry/product"
import { RegionService, regionModule } from "@marquetry/region"
import { SalesChannelService, salesChannelModule } from "@marquetry/sales-channel"
import { StoreService, storeModule } from "@marquetry/store"
import { authApi, storeApi } from "../src/index.ts"
import { sell, sellingModules, type SellingOptions } from "./selling.ts"

export type Json = Record<string, unknown>

/** A backend of everything that sells. Any number of processes may start one on the same database. */
export const shopConfig = (url: string, options: SellingOptions = {}) =>
  defineConfig({
    environment: readEnvironment({ DATABASE_URL: url, PORT: "0", LOG_LEVEL: "silent", RATE_LIMIT: "off" }),
    modules: [
      storeModule,
      salesChannelModule,
      apiKeyModule,
      currencyModule,
      regionModule,
      productModule,
      pricingModule,
      ...sellingModules(options),
    ],
    links: commerceLinks,
    plugins: [storeApi(), authApi()],
  })

/** A backend with the Store API over a small shop that has something of everything. */
export async function openShop(options: SellingOptions = {}) {
  const database = await createTestDatabase()
  const backend = await createBackend(shopConfig(database.url, options))
  const { container } = backend.composition
  const filled = await fill(container)
  const shop = { ...filled, ...(await sell(container, filled, options)) }
  const request = async (
    method: "GET" | "POST" | "DELETE",
    url: string,
    headers: Record<string, string>,
    payload?: unknown,
  ) => {
    const body = payload === undefined ? {} : { payload: JSON.stringify(payload) }
    const json = payload === undefined ? {} : { "content-type": "application/json" }
    const response = await backend.server.app.inject({ method, url, headers: { ...json, ...headers }, ...body })
    return { status: response.statusCode, text: response.body, body: JSON.parse(response.body) as Json }
  }
  return {
    ...backend,
    ...shop,
    container,
    url: database.url,
    get: (url: string, token = shop.token) => request("GET", url, { "x-publishable-api-key": token }),
    post: (url: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      request("POST", url, { "x-publishable-api-key": shop.token, ...headers }, body),
    delete: (url: string, body?: unknown, headers: Record<string, string> = {}) =>
      request("DELETE", url, { "x-publishable-api-key": shop.token, ...headers }, body),
    raw: request,
    drop: async () => {
      await backend.close()
      await database.drop()
    },
  }
}

export type Shop = Awaited<ReturnType<typeof openShop>>

async function fill(container: DependencyContainer) {
  const channels = container.resolve(SalesChannelService)
  const web = await channels.create({ name: "Web" })
  const wholesale = await channels.create({ name: "Wholesale" })
  const closed = await channels.create({ name: "Closed", isDisabled: true })
  const keys = container.resolve(ApiKeyService)
  const key = await keys.create({ type: "publishable", title: "Storefront" })
  const links = container.resolve(Links)
  await links.add(apiKeySalesChannel, [
    [key.id, web.id],
    [key.id, closed.id],
  ])
  const store = await container.resolve(StoreService).create({
    name: "Shop",
    supportedCurrencies: [{ currencyCode: "eur", isDefault: true }],
    defaultSalesChannelId: web.id,
  })
  const regions = container.resolve(RegionService)
  const europe = await regions.create({ name: "Europe", currencyCode: "eur", countries: ["de", "fr"] })
  const japan = await regions.create({ name: "Japan", currencyCode: "jpy", countries: ["jp"] })
  const catalogue = await fillCatalogue(container)
  await links.add(productSalesChannel, [
    ...[catalogue.shirt, catalogue.lamp, catalogue.draft].map(({ id }) => [id, web.id] as const),
    [catalogue.foreign.id, wholesale.id],
    [catalogue.unsold.id, closed.id],
  ])
  return {
    token: key.token,
    keyId: key.id,
    storeId: store.id,
    web: web.id,
    wholesale: wholesale.id,
    closed: closed.id,
    europe: europe.id,
    japan: japan.id,
    ...catalogue,
  }
}

async function fillCatalogue(container: DependencyContainer) {
  const categories = container.resolve(CategoryService)
  const clothing = await categories.create({ name: "Clothing", isActive: true })
  const shirts = await categories.create({ name: "Shirts", isActive: true, parentCategoryId: clothing.id })
  const formal = await categories.create({ name: "Formal", isActive: true, parentCategoryId: shirts.id })
  const inactive = await categories.create({ name: "Inactive", parentCategoryId: clothing.id })
  const internal = await categories.create({ name: "Internal", isActive: true, isInternal: true })
  const collection = await container.resolve(CollectionService).create({ title: "Summer" })
  const type = await container.resolve(TypeService).create({ value: "Shirt" })
  const tag = await container.resolve(TagService).create({ value: "cotton" })
  await container.resolve(OptionService).create({ title: "Engraving", values: ["none", "initials"] })
  const sorted = {
    collectionId: collection.id,
    typeId: type.id,
    tagIds: [tag.id],
    categoryIds: [shirts.id, inactive.id],
  }
  const product = (overrides: Partial<CreateProduct> & { title: string }): CreateProduct => ({
    status: "published",
    ...sorted,
    ...overrides,
  })
  const made = await container.resolve(ProductService).createMany([
    product({
      title: "Shirt",
      subtitle: "Oxford",
      description: "Of cotton",
      metadata: { vendor: "Oxbow" },
      externalId: "erp-1",
      weight: 280,
      images: [{ url: "https://cdn.test/front.png" }, { url: "/back.png" }],
      options: [
        { title: "Size", values: ["S", "M"] },
        { title: "Colour", values: ["Blue", "Red"] },
      ],
      variants: [
        { sku: "S-B", options: { Size: "S", Colour: "Blue" } },
        { sku: "M-R", options: { Size: "M", Colour: "Red" } },
      ],
    }),
    product({
      title: "Lamp",
      collectionId: null,
      typeId: null,
      tagIds: [],
      categoryIds: [],
      variants: [{ sku: "LAMP" }],
    }),
    product({
      title: "Draft",
      status: "draft",
      options: [{ title: "Secret", values: ["x"] }],
      variants: [{ sku: "DRAFT", options: { Secret: "x" } }],
    }),
    product({ title: "Foreign", variants: [{ sku: "FOREIGN" }] }),
    product({ title: "Unsold", variants: [{ sku: "UNSOLD" }] }),
  ])
  const [shirt, lamp, draft, foreign, unsold] = made as [Made, Made, Made, Made, Made]
  await price(container, made)
  await container
    .resolve(VariantService)
    .assignImages({ add: [{ variantId: shirt.variants[0]?.id as string, imageId: shirt.images[0]?.id as string }] })
  const ids = { clothing, shirts, formal, inactive, internal, collection, type, tag }
  return { shirt, lamp, draft, foreign, unsold, ...ids }
}

type Made = Awaited<ReturnType<ProductService["createMany"]>>[number]

/** 20 euros for each, 15 in a sale for the first. */
async function price(container: DependencyContainer, products: readonly Made[]): Promise<void> {
  const variants = products.flatMap((product) => product.variants)
  const sets = await container
    .resolve(PriceSetService)
    .createMany(variants.map(() => ({ prices: [{ currencyCode: "eur", amount: "20" }] })))
  await container.resolve(Links).add(
    variantPriceSet,
    variants.map(({ id }, index) => [id, sets[index] as string] as const),
  )
  const lists = container.resolve(PriceListService)
  const sale = await lists.create({ title: "Sale", type: "sale", status: "active" })
  await lists.addPrices(sale.id, [{ priceSetId: sets[0] as string, currencyCode: "eur", amount: "15" }])
}

export const rows = (body: Json, key: string): Json[] => body[key] as Json[]
/** Titles, or whatever names the rows. */
export const names = (body: Json, key: string, name = "title"): unknown[] => rows(body, key).map((row) => row[name])
export const sorted = (values: readonly unknown[]): unknown[] => values.map(String).toSorted()
export const keysOf = (value: unknown): string[] => Object.keys(value as object).toSorted()
