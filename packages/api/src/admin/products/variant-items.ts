import { VariantItemBatch, VariantItemFlow } from "@marquetry/flows"
import { RawJson, type RequestInfo } from "@marquetry/http"
import { UpdateVariantItem } from "@marquetry/inventory"
import { MAX_LIMIT, Query } from "@marquetry/kernel"
import { z } from "zod"
import { batchAnswer, deletion, paramsOf, type AdminVerbs } from "../kit/admin-routes.ts"
import { answerOf, snapshotsOf } from "../kit/recorded.ts"
import { changeProduct, variantOf } from "./product-parts.ts"
import { variantItems, variants } from "./product-resource.ts"
import { AddItemBody } from "./product.schema.ts"

const permissions = ["product:update"]
const { query, response } = variants.whole.answer
const object = variantItems.object

/** Declares how a merchant says of which inventory items variants are made. */
export function declareItems(verbs: AdminVerbs): void {
  declareItemBatch(verbs)
  declareOneItem(verbs)
}

type Key = Pick<z.output<typeof VariantItemBatch>["create"][number], "variantId" | "inventoryItemId">

/** Ids of the rows that say it, in the order of what was asked; what is not there is passed over. */
async function idsOf({ resolve }: Pick<RequestInfo, "resolve">, keys: readonly Key[]): Promise<string[]> {
  const filter = {
    variant_id: keys.map(({ variantId }) => variantId),
    inventory_item_id: keys.map(({ inventoryItemId }) => inventoryItemId),
  }
  const fields = { id: true, variant_id: true, inventory_item_id: true } as const
  const read = { fields, filter, names: "wire", limit: MAX_LIMIT, count: false } as const
  const { rows } = await resolve<Query>(Query).listAny(variantItems.reads.resource, read)
  const found = new Map(
    rows.map((row) => [`${String(row["variant_id"])} ${String(row["inventory_item_id"])}`, row["id"]]),
  )
  return keys.flatMap(
    ({ variantId, inventoryItemId }) => (found.get(`${variantId} ${inventoryItemId}`) ?? []) as string,
  )
}

function declareItemBatch({ verbs }: AdminVerbs): void {
  const key = { variantId: "variant_01", inventoryItemId: "iitem_01" }
  const schemas = {
    summary: "Says of which inventory items the variants of a product are made",
    params: paramsOf("/:id"),
    query: variantItems.whole.answer.query,
    body: VariantItemBatch,
    example: { create: [{ ...key, requiredQuantity: 2 }], delete: [{ ...key, inventoryItemId: "iitem_02" }] },
    response: batchAnswer,
    permissions,
  }
  verbs.post("/:id/variants/inventory-items/batch", schemas, (context) => {
    const { resolve, params, body } = context
    variantItems.whole.answer.check(context)
    const work = async () => {
      const gone = await idsOf(context, body.delete)
      await resolve<VariantItemFlow>(VariantItemFlow).batch(params.id, body)
      return gone
    }
    return changeProduct(context, "inventory_items_changed", work, async (gone) => {
      const [created, updated] = [await idsOf(context, body.create), await idsOf(context, body.update)]
      const rows = await snapshotsOf(context, variantItems, [...created, ...updated])
      const [made, changed] = [created, updated].map((ids) => answerOf(context, variantItems, ids, rows))
      const deleted = JSON.stringify({ ids: gone, object, deleted: true })
      return new RawJson(`{"created":${await made},"updated":${await changed},"deleted":${deleted}}`)
    })
  })
}

function declareOneItem({ verbs }: AdminVerbs): void {
  const ofVariant = "/:id/variants/:variant_id/inventory-items"
  const answered = { query, response, permissions, params: paramsOf("/:id/:variant_id/:inventory_item_id") }
  const added = {
    ...answered,
    summary: "Puts an inventory item into a variant of a product",
    body: AddItemBody,
    example: { inventoryItemId: "iitem_01", requiredQuantity: 2 },
    params: paramsOf("/:id/:variant_id"),
  }
  verbs.post(ofVariant, added, (context) => {
    const { resolve, params, body } = context
    const item = { variantId: params.variant_id, ...body }
    const work = () => resolve<VariantItemFlow>(VariantItemFlow).batch(params.id, { create: [item] })
    return changeProduct(context, "inventory_items_changed", work, () => variantOf(context))
  })
  const changed = {
    ...answered,
    summary: "Says how many of an inventory item are in one of a variant",
    body: UpdateVariantItem,
    example: { requiredQuantity: 3 },
  }
  verbs.post(`${ofVariant}/:inventory_item_id`, changed, (context) => {
    const { resolve, params, body } = context
    const item = { variantId: params.variant_id, inventoryItemId: params.inventory_item_id, ...body }
    const work = () => resolve<VariantItemFlow>(VariantItemFlow).batch(params.id, { update: [item] })
    return changeProduct(context, "inventory_items_changed", work, () => variantOf(context))
  })
  const removed = {
    summary: "Takes an inventory item out of a variant of a product",
    params: answered.params,
    query,
    response: deletion.extend({ parent: z.looseObject({ id: z.string() }) }),
    permissions,
  }
  verbs.delete(`${ofVariant}/:inventory_item_id`, removed, (context) => {
    const { resolve, params } = context
    variants.whole.answer.check(context)
    const item = { variantId: params.variant_id, inventoryItemId: params.inventory_item_id }
    const work = () => resolve<VariantItemFlow>(VariantItemFlow).batch(params.id, { delete: [item] })
    return changeProduct(context, "inventory_items_changed", work, async () => {
      const { text } = await variantOf(context)
      const answer = JSON.stringify({ id: item.inventoryItemId, object, deleted: true })
      return new RawJson(`${answer.slice(0, -1)},"parent":${text.slice('{"variant":'.length, -1)}}`)
    })
  })
}
