import type { Database, Events, Query } from "@marquetry/kernel"
import { LabelService } from "../label/label.service.ts"
import { tagResource } from "../product/product.resources.ts"
import { ProductTag } from "./tag.entity.ts"
import { TagTaken } from "./tag.errors.ts"
import { TagCreated, TagDeleted, TagUpdated } from "./tag.events.ts"

/** Words that products are found by; a product has any number. @throws {TagTaken} */
export class TagService extends LabelService {
  constructor(db: Database, events: Events, query: Query) {
    super(db, events, query, {
      entity: ProductTag,
      resource: tagResource,
      prefix: "ptag",
      detach: `delete from "product"."product_to_tag" where tag_id = $1`,
      created: TagCreated,
      updated: TagUpdated,
      deleted: TagDeleted,
      taken: (value) => new TagTaken(value),
    })
  }
}
