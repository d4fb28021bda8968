import type { ShippingProfileService } from "@marquetry/fulfillment"
import type { Database, Links } from "@marquetry/kernel"
import { productShippingProfile } from "../links.ts"

/** Shipping profiles with the products that are sent so. */
export class ShippingProfileFlow {
  readonly #db: Database
  readonly #links: Links
  readonly #profiles: ShippingProfileService

  constructor(db: Database, links: Links, profiles: ShippingProfileService) {
    this.#db = db
    this.#links = links
    this.#profiles = profiles
  }

  /** Deletes a profile that no shipping option has. Its products are not sent any more. @throws {NotFound} {@link ShippingProfileInUse} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#profiles.delete(id)
      await this.#links.removeAllOfRight(productShippingProfile, [id])
    })
  }
}
