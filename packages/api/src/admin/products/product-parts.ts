import type { HandlerContext, RawJson } from "@marquetry/http"
import { Database, NotFound, Query, ResourceRegistry } from "@marquetry/kernel"
import { variantResource } from "@marquetry/product"
import type { z } from "zod"
import { changeHeld } from "../kit/changes.ts"
import type { Staff } from "../kit/staff.guard.ts"
import { products, variants } from "./product-resource.ts"

type Context<Params> = Omit<HandlerContext<Staff, z.ZodType<Params>, undefined, undefined>, "query" | "body"> & {
  readonly query: unknown
}

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
export async function assertVariantOf(
  { resolve }: Pick<Context<unknown>, "resolve">,
  productId: string,
  id: string,
): Promise<void> {
  const found = await resolve<Query>(Query).find(variantResource, { fields: { id: true }, filter: { id, productId } })
  if (found === null) throw new NotFound("Variant", id)
}
