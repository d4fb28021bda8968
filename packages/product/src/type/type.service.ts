import type { Database, Events, Query } from "@marquetry/kernel"
import { LabelService } from "../label/label.service.ts"
import { typeResource } from "../product/product.resources.ts"
import { ProductType } from "./type.entity.ts"
import { TypeTaken } from "./type.errors.ts"
import { TypeCreated, TypeDeleted, TypeUpdated } from "./type.events.ts"

/** Kinds of products; a product has one at most. @throws {TypeTaken} */
export class TypeService extends LabelService {
  constructor(db: Database, events: Events, query: Query) {
    super(db, events, query, {
      entity: ProductType,
      resource: typeResource,
      prefix: "ptyp",
      detach: `update "product"."product" set type_id = null where type_id = $1`,
      created: TypeCreated,
      updated: TypeUpdated,
      deleted: TypeDeleted,
      taken: (value) => new TypeTaken(value),
    })
  }
}
