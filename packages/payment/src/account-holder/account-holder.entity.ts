import { defineEntity, id, metadata, p, softDelete, timestamps } from "@marquetry/kernel"

const AccountHolderTable = defineEntity({
  name: "AccountHolder",
  indexes: [
    {
      name: "account_holder_external_id_unique",
      expression: `create unique index "account_holder_external_id_unique" on "payment"."account_holder" ("provider_id", "external_id") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("acchld"),
    providerId: p.text(),
    /** What the provider calls the customer. */
    externalId: p.text(),
    email: p.text().strictNullable().default(null),
    data: p.json<Record<string, unknown>>(),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A customer as a payment provider knows them: who may keep cards there. */
export class AccountHolder extends AccountHolderTable.class {}
AccountHolderTable.setClass(AccountHolder)
