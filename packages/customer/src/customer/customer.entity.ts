import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const CustomerTable = defineEntity({
  name: "Customer",
  indexes: [
    searchIndex("customer", "customer", ["email", "first_name", "last_name", "phone", "company_name"]),
    { name: "customer_created_at_index", properties: ["createdAt", "id"] },
    {
      name: "customer_email_unique",
      expression: `create unique index "customer_email_unique" on "customer"."customer" ("email", "has_account") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("cus"),
    /** Lower case. */
    email: p.text().strictNullable().default(null),
    companyName: p.text().strictNullable().default(null),
    firstName: p.text().strictNullable().default(null),
    lastName: p.text().strictNullable().default(null),
    phone: p.text().strictNullable().default(null),
    /** Whether they can log in; a guest is known by what they bought only. */
    hasAccount: p.boolean().default(false),
    /** Id of the user who made it; `null` when they came by themselves. */
    createdBy: p.text().strictNullable().default(null),
    addresses: () => p.oneToMany(CustomerAddress).mappedBy("customer"),
    groups: () => p.manyToMany(CustomerGroup).pivotEntity(() => CustomerToGroup),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Somebody who buys. An e-mail address has one account and one guest at most. */
export class Customer extends CustomerTable.class {}
CustomerTable.setClass(Customer)

/** At most one address of a customer is the default of a kind. */
const oneDefault = (column: string) => {
  const name = `customer_address_${column.slice("is_".length)}_unique`
  const where = `where "${column}" and "deleted_at" is null`
  return { name, expression: `create unique index "${name}" on "customer"."customer_address" ("customer_id") ${where}` }
}

const CustomerAddressTable = defineEntity({
  name: "CustomerAddress",
  indexes: [
    searchIndex("customer", "customer_address", [
      "company",
      "first_name",
      "last_name",
      "address_1",
      "city",
      "province",
      "postal_code",
    ]),
    oneDefault("is_default_shipping"),
    oneDefault("is_default_billing"),
  ],
  properties: {
    id: id("cuaddr"),
    /** What the customer calls it: "Home". */
    addressName: p.text().strictNullable().default(null),
    isDefaultShipping: p.boolean().default(false),
    isDefaultBilling: p.boolean().default(false),
    company: p.text().strictNullable().default(null),
    firstName: p.text().strictNullable().default(null),
    lastName: p.text().strictNullable().default(null),
    address1: p.text().fieldName("address_1").strictNullable().default(null),
    address2: p.text().fieldName("address_2").strictNullable().default(null),
    city: p.text().strictNullable().default(null),
    /** ISO 3166-1 alpha-2, lower case; or empty. */
    countryCode: p.text().strictNullable().default(null),
    province: p.text().strictNullable().default(null),
    postalCode: p.text().strictNullable().default(null),
    phone: p.text().strictNullable().default(null),
    customer: () => p.manyToOne(Customer).ref().deleteRule("cascade").index("customer_address_customer_id_index"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** An entry of a customer's address book. Orders keep copies of their own. */
export class CustomerAddress extends CustomerAddressTable.class {}
CustomerAddressTable.setClass(CustomerAddress)

const CustomerGroupTable = defineEntity({
  name: "CustomerGroup",
  indexes: [
    searchIndex("customer", "customer_group", ["name"]),
    {
      name: "customer_group_name_unique",
      expression: `create unique index "customer_group_name_unique" on "customer"."customer_group" ("name") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("cusgroup"),
    name: p.text(),
    /** Id of the user who made it; `null` when a program did. */
    createdBy: p.text().strictNullable().default(null),
    customers: () => p.manyToMany(Customer).mappedBy("groups"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Customers who are treated alike: by prices, by promotions. */
export class CustomerGroup extends CustomerGroupTable.class {}
CustomerGroupTable.setClass(CustomerGroup)

const CustomerToGroupTable = defineEntity({
  name: "CustomerToGroup",
  properties: {
    customer: () => p.manyToOne(Customer).ref().primary().deleteRule("cascade"),
    group: () =>
      p.manyToOne(CustomerGroup).ref().primary().deleteRule("cascade").index("customer_to_group_group_id_index"),
  },
})

/** That a customer is in a group. */
export class CustomerToGroup extends CustomerToGroupTable.class {}
CustomerToGroupTable.setClass(CustomerToGroup)
