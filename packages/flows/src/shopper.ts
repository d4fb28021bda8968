import type { NamedRead } from "@marquetry/kernel"
import { ModuleError } from "@marquetry/kernel"
import type { Storefront, StorefrontKey, Storefronts } from "./storefronts.ts"

/** Who asks for something in a shop. */
export interface Shopper {
  /** What may be sold to them; a key is looked up beside the first thing that is read. */
  readonly storefront: Storefront | StorefrontKey
  /** The customer who is logged in. */
  readonly customerId: string | null
}

/** The publishable key is unknown or was revoked. */
export class PublishableKeyInvalid extends ModuleError {
  readonly code = "store.publishable_key_invalid"
  readonly kind = "invalid"
  constructor() {
    super("A valid publishable key is required to proceed with the request")
  }
}

const isKey = (storefront: Storefront | StorefrontKey): storefront is StorefrontKey => "read" in storefront

/** The reads that tell what a storefront may sell: one, or none where it is known. */
export const storefrontReads = ({ storefront }: Shopper): NamedRead[] => (isKey(storefront) ? [storefront.read] : [])

/** What {@link storefrontReads} have found. @throws {PublishableKeyInvalid} */
export async function settleStorefront(
  { storefront }: Shopper,
  storefronts: Storefronts,
  found: readonly Record<string, unknown>[][],
): Promise<Storefront> {
  if (!isKey(storefront)) return storefront
  const settled = await storefronts.settle(found[0] ?? [])
  if (settled === null) throw new PublishableKeyInvalid()
  return settled
}
