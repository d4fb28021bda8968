import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const ReturnReasonTable = defineEntity({
  name: "ReturnReason",
  indexes: [
    searchIndex("order", "return_reason", ["value", "label", "description"]),
    {
      name: "return_reason_value_unique",
      expression: `create unique index "return_reason_value_unique" on "order"."return_reason" ("value") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("rr"),
    /** Names it in programs; unique among what is not deleted. */
    value: p.text(),
    label: p.text(),
    description: p.text().strictNullable().default(null),
    parentReturnReason: () =>
      p
        .manyToOne(ReturnReason)
        .ref()
        .strictNullable()
        .default(null)
        .deleteRule("set null")
        .index("return_reason_parent_return_reason_id_index"),
    returnReasonChildren: () => p.oneToMany(ReturnReason).mappedBy("parentReturnReason"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Why something is sent back; a reason may have closer ones below it. */
export class ReturnReason extends ReturnReasonTable.class {}
ReturnReasonTable.setClass(ReturnReason)
