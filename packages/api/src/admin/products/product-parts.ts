import type { HandlerContext, RawJson } from "@marquetry/http"
import { Database, NotFound, Query, ResourceRegistry, type AnyFilter } from "@marquetry/kernel"
import { optionResource, variantResource } from "@marquetry/product"
import type { z } from "zod"
import type { AdminResource } from "../kit/admin-resource.ts"
import { paramsOf, withVersion, type AdminVerbs } from "../kit/admin-routes.ts"
import { changeHeld } from "../kit/changes.ts"
import { snapshotsOf } from "../kit/recorded.ts"
import type { Staff } from "../kit/staff.guard.ts"
import { versionOf } from "../kit/versions.ts"
import { products, variants } from "./product-resource.ts"

type Context<Params> = Omit<HandlerContext<Staff, z.ZodType<Params>, undefined, undefined>, "query" | "body"> & {
  readonly query: unknown
}

type Resolving = Pick<Context<unknown>, "resolve">

/** Changes a product, as one of its parts is changed: at the version that is meant, recorded, and answered as told. */
export function changeProduct<Begun, Answer>(
  context: Context<{ readonly id: string }>,
  action: string,
  work: () => Promise<Begun>,
  answer: (begun: Begun) => Answer | Promise<Answer>,
): Promise<Answer> {
  return context.resolve<Database>(Database).transaction(async () => {
    const [begun] = await changeHeld(context, { resource: products, id: context.params.id, action, work })
    return answer(begun)
  })
}

/** The variant that a path names, as the request selects it. */
export function variantOf(context: Context<{ readonly variant_id: string }>): Promise<RawJson> {
  const { identity, resolve, params } = context
  return variants.of("answer", identity, resolve<ResourceRegistry>(ResourceRegistry)).send(context, params.variant_id)
}

/** @throws {NotFound} when it is a variant of another product, or of none. */
export function assertVariantOf(context: Resolving, productId: string, id: string): Promise<void> {
  return assertPart(context, ["Variant", variantResource.name], { id, productId })
}

/** @throws {NotFound} when it is an option of other products only, or of none. */
export function assertOptionOf(context: Resolving, productId: string, id: string): Promise<void> {
  return assertPart(context, ["Product option", optionResource.name], { id, products: { id: productId } })
}

async function assertPart(
  { resolve }: Resolving,
  [label, resource]: readonly [label: string, resource: string],
  filter: AnyFilter & { readonly id: string },
): Promise<void> {
  const read = { fields: { id: true }, filter, limit: 1, count: false } as const
  const { rows } = await resolve<Query>(Query).listAny(resource, read)
  if (rows.length === 0) throw new NotFound(label, filter.id)
}

/**
 * Declares how one part of a product is read, once it is known to be that product's. It has the version of the product, as
 * its changes are changes of that.
 */
export function declareReading<Path extends `/:id/${string}/:${string}`>(
  { verbs }: AdminVerbs,
  path: Path,
  summary: string,
  { part, assert }: { readonly part: AdminResource; readonly assert: typeof assertVariantOf },
): void {
  const name = path.slice(path.lastIndexOf(":") + 1)
  const permissions = ["product:read"]
  const schemas = { ...part.whole.one.schemas, summary, params: paramsOf(path), permissions, versioned: true }
  verbs.get(path, schemas, async (context) => {
    const { identity, resolve, params } = context as typeof context & { params: Readonly<Record<string, string>> }
    const [productId, id] = [params["id"] as string, params[name] as string]
    await assert(context, productId, id)
    const product = (await snapshotsOf(context, products, [productId])).get(productId)
    const { handle } = part.of("one", identity, resolve<ResourceRegistry>(ResourceRegistry))
    const answer = await handle({ ...context, params: { id } } as unknown as Parameters<typeof handle>[0])
    return withVersion(context, versionOf(context, products, product), answer)
  })
}
