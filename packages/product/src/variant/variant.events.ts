import { defineEvent, type Events } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string(), productId: z.string() })

/** A variant was made, by itself or with its product. */
export const VariantCreated = defineEvent("product-variant.created", payload)
/** Fields, option values or images of a variant changed. */
export const VariantUpdated = defineEvent("product-variant.updated", payload)
/** A variant was deleted by itself; one that goes with its product is told by `product.deleted`. */
export const VariantDeleted = defineEvent("product-variant.deleted", payload)

/** Tells what became of variants, one statement per kind. */
export async function emitVariantEvents(
  events: Events,
  { variants, productOf }: { variants: VariantChanges; productOf: ReadonlyMap<string, string> },
): Promise<void> {
  const payloads = (ids: readonly unknown[]) =>
    ids.map((id) => ({ id: String(id), productId: productOf.get(String(id)) ?? "" }))
  await events.emitMany(VariantCreated, payloads(variants.inserted.map((row) => row["id"])))
  await events.emitMany(VariantUpdated, payloads(variants.patched.map(({ id }) => id)))
  await events.emitMany(VariantDeleted, payloads(variants.deleted))
}

interface VariantChanges {
  readonly inserted: readonly Readonly<Record<string, unknown>>[]
  readonly patched: readonly { readonly id: string }[]
  readonly deleted: readonly string[]
}
