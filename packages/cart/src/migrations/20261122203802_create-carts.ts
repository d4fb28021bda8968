import { Migration } from "@marquetry/kernel"

export class CreateCarts extends Migration {
  override name = "20261122203802_create-carts"

  override up(): void {
    this.#addAddresses()
    this.#addCarts()
    this.#addCreditLines()
    this.#addLineItems()
    this.#addLineParts()
    this.#addShippingMethods()
    this.#addShippingParts()
  }

  override down(): void {
    this.addSql(`drop table "cart"."cart_shipping_tax_line"`)
    this.addSql(`drop table "cart"."cart_shipping_adjustment"`)
    this.addSql(`drop table "cart"."cart_shipping_method"`)
    this.addSql(`drop table "cart"."cart_line_tax_line"`)
    this.addSql(`drop table "cart"."cart_line_adjustment"`)
    this.addSql(`drop table "cart"."cart_line_item"`)
    this.addSql(`drop table "cart"."cart_credit_line"`)
    this.addSql(`drop table "cart"."cart"`)
    this.addSql(`drop table "cart"."cart_address"`)
  }

  #addAddresses(): void {
    this.addSql(`create table "cart"."cart_address" (
      "id" text not null,
      "customer_id" text,
      "first_name" text,
      "last_name" text,
      "company" text,
      "address_1" text,
      "address_2" text,
      "city" text,
      "country_code" text,
      "province" text,
      "postal_code" text,
      "phone" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`)
  }

  #addCarts(): void {
    this.addSql(`create table "cart"."cart" (
      "id" text not null,
      "currency_code" text not null,
      "email" text,
      "locale" text,
      "region_id" text,
      "customer_id" text,
      "sales_channel_id" text,
      "shipping_address_id" text,
      "billing_address_id" text,
      "promo_codes" text[] not null default '{}',
      "completed_at" timestamptz(3),
      "total" numeric not null default 0,
      "subtotal" numeric not null default 0,
      "tax_total" numeric not null default 0,
      "discount_total" numeric not null default 0,
      "discount_subtotal" numeric not null default 0,
      "discount_tax_total" numeric not null default 0,
      "original_total" numeric not null default 0,
      "original_subtotal" numeric not null default 0,
      "original_tax_total" numeric not null default 0,
      "item_total" numeric not null default 0,
      "item_subtotal" numeric not null default 0,
      "item_tax_total" numeric not null default 0,
      "item_discount_total" numeric not null default 0,
      "original_item_total" numeric not null default 0,
      "original_item_subtotal" numeric not null default 0,
      "original_item_tax_total" numeric not null default 0,
      "shipping_total" numeric not null default 0,
      "shipping_subtotal" numeric not null default 0,
      "shipping_tax_total" numeric not null default 0,
      "shipping_discount_total" numeric not null default 0,
      "original_shipping_total" numeric not null default 0,
      "original_shipping_subtotal" numeric not null default 0,
      "original_shipping_tax_total" numeric not null default 0,
      "credit_line_total" numeric not null default 0,
      "credit_line_subtotal" numeric not null default 0,
      "credit_line_tax_total" numeric not null default 0,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "cart_shipping_address_id_foreign" foreign key ("shipping_address_id") references "cart"."cart_address" ("id") on delete set null,
      constraint "cart_billing_address_id_foreign" foreign key ("billing_address_id") references "cart"."cart_address" ("id") on delete set null,
      constraint "cart_currency_code_check" check (currency_code ~ '^[a-z]{3}$'),
      constraint "cart_total_check" check (total >= 0 and discount_total >= 0 and tax_total >= 0)
    )`)
    this.addSql(`create index "cart_customer_id_index" on "cart"."cart" ("customer_id")`)
    this.addSql(`create index "cart_shipping_address_id_index" on "cart"."cart" ("shipping_address_id")`)
    this.addSql(`create index "cart_billing_address_id_index" on "cart"."cart" ("billing_address_id")`)
  }

  #addCreditLines(): void {
    this.addSql(`create table "cart"."cart_credit_line" (
      "id" text not null,
      "cart_id" text not null,
      "reference" text,
      "reference_id" text,
      "amount" numeric not null,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "cart_credit_line_cart_id_foreign" foreign key ("cart_id") references "cart"."cart" ("id") on delete cascade,
      constraint "cart_credit_line_amount_check" check (amount >= 0)
    )`)
    this.addSql(`create index "cart_credit_line_cart_id_index" on "cart"."cart_credit_line" ("cart_id")`)
  }

  #addLineItems(): void {
    this.addSql(`create table "cart"."cart_line_item" (
      "id" text not null,
      "cart_id" text not null,
      "title" text not null,
      "subtitle" text,
      "thumbnail" text,
      "quantity" int not null,
      "variant_id" text,
      "product_id" text,
      "product_title" text,
      "product_description" text,
      "product_subtitle" text,
      "product_type" text,
      "product_type_id" text,
      "product_collection" text,
      "product_handle" text,
      "variant_sku" text,
      "variant_barcode" text,
      "variant_title" text,
      "variant_option_values" jsonb,
      "requires_shipping" boolean not null default true,
      "is_discountable" boolean not null default true,
      "is_giftcard" boolean not null default false,
      "is_tax_inclusive" boolean not null default false,
      "is_custom_price" boolean not null default false,
      "unit_price" numeric not null,
      "compare_at_unit_price" numeric,
      "subtotal" numeric not null default 0,
      "total" numeric not null default 0,
      "original_subtotal" numeric not null default 0,
      "original_total" numeric not null default 0,
      "original_tax_total" numeric not null default 0,
      "discount_subtotal" numeric not null default 0,
      "discount_tax_total" numeric not null default 0,
      "discount_total" numeric not null default 0,
      "tax_total" numeric not null default 0,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "cart_line_item_cart_id_foreign" foreign key ("cart_id") references "cart"."cart" ("id") on delete cascade,
      constraint "cart_line_item_quantity_check" check (quantity > 0),
      constraint "cart_line_item_unit_price_check" check (unit_price >= 0),
      constraint "cart_line_item_total_check" check (total >= 0 and discount_total >= 0 and tax_total >= 0)
    )`)
    this.addSql(`create index "cart_line_item_cart_id_index" on "cart"."cart_line_item" ("cart_id")`)
  }

  #addLineParts(): void {
    this.addSql(`create table "cart"."cart_line_adjustment" (
      "id" text not null,
      "item_id" text not null,
      "code" text,
      "promotion_id" text,
      "description" text,
      "provider_id" text,
      "amount" numeric not null,
      "is_tax_inclusive" boolean not null default false,
      "subtotal" numeric not null default 0,
      "total" numeric not null default 0,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "cart_line_adjustment_item_id_foreign" foreign key ("item_id") references "cart"."cart_line_item" ("id") on delete cascade,
      constraint "cart_line_adjustment_amount_check" check (amount >= 0)
    )`)
    this.addSql(`create index "cart_line_adjustment_item_id_index" on "cart"."cart_line_adjustment" ("item_id")`)
    this.addSql(`create table "cart"."cart_line_tax_line" (
      "id" text not null,
      "item_id" text not null,
      "description" text,
      "tax_rate_id" text,
      "code" text,
      "rate" numeric not null,
      "provider_id" text,
      "data" jsonb,
      "subtotal" numeric not null default 0,
      "total" numeric not null default 0,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "cart_line_tax_line_item_id_foreign" foreign key ("item_id") references "cart"."cart_line_item" ("id") on delete cascade,
      constraint "cart_line_tax_line_rate_check" check (rate >= 0)
    )`)
    this.addSql(`create index "cart_line_tax_line_item_id_index" on "cart"."cart_line_tax_line" ("item_id")`)
  }

  #addShippingMethods(): void {
    this.addSql(`create table "cart"."cart_shipping_method" (
      "id" text not null,
      "cart_id" text not null,
      "name" text not null,
      "description" jsonb,
      "amount" numeric not null,
      "is_tax_inclusive" boolean not null default false,
      "shipping_option_id" text,
      "data" jsonb,
      "subtotal" numeric not null default 0,
      "total" numeric not null default 0,
      "original_subtotal" numeric not null default 0,
      "original_total" numeric not null default 0,
      "original_tax_total" numeric not null default 0,
      "discount_subtotal" numeric not null default 0,
      "discount_tax_total" numeric not null default 0,
      "discount_total" numeric not null default 0,
      "tax_total" numeric not null default 0,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "cart_shipping_method_cart_id_foreign" foreign key ("cart_id") references "cart"."cart" ("id") on delete cascade,
      constraint "cart_shipping_method_amount_check" check (amount >= 0),
      constraint "cart_shipping_method_total_check" check (total >= 0 and discount_total >= 0 and tax_total >= 0)
    )`)
    this.addSql(`create index "cart_shipping_method_cart_id_index" on "cart"."cart_shipping_method" ("cart_id")`)
  }

  #addShippingParts(): void {
    this.addSql(`create table "cart"."cart_shipping_adjustment" (
      "id" text not null,
      "shipping_method_id" text not null,
      "code" text,
      "promotion_id" text,
      "description" text,
      "provider_id" text,
      "amount" numeric not null,
      "is_tax_inclusive" boolean not null default false,
      "subtotal" numeric not null default 0,
      "total" numeric not null default 0,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "cart_shipping_adjustment_shipping_method_id_foreign" foreign key ("shipping_method_id") references "cart"."cart_shipping_method" ("id") on delete cascade,
      constraint "cart_shipping_adjustment_amount_check" check (amount >= 0)
    )`)
    this.addSql(
      `create index "cart_shipping_adjustment_method_id_index" on "cart"."cart_shipping_adjustment" ("shipping_method_id")`,
    )
    this.addSql(`create table "cart"."cart_shipping_tax_line" (
      "id" text not null,
      "shipping_method_id" text not null,
      "description" text,
      "tax_rate_id" text,
      "code" text,
      "rate" numeric not null,
      "provider_id" text,
      "data" jsonb,
      "subtotal" numeric not null default 0,
      "total" numeric not null default 0,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "cart_shipping_tax_line_shipping_method_id_foreign" foreign key ("shipping_method_id") references "cart"."cart_shipping_method" ("id") on delete cascade,
      constraint "cart_shipping_tax_line_rate_check" check (rate >= 0)
    )`)
    this.addSql(
      `create index "cart_shipping_tax_line_method_id_index" on "cart"."cart_shipping_tax_line" ("shipping_method_id")`,
    )
  }
}
