import { Migration } from "@marquetry/kernel"

export class CreatePromotions extends Migration {
  override name = "20261122203802_create-promotions"

  override up(): void {
    this.#createCampaigns()
    this.#createBudgets()
    this.#createPromotions()
    this.#createApplicationMethods()
    this.#createRules()
    this.#createUsages()
  }

  #createCampaigns(): void {
    this.addSql(`create table "promotion"."campaign" (
      "id" text not null,
      "name" text not null,
      "description" text,
      "campaign_identifier" text not null,
      "starts_at" timestamptz(3),
      "ends_at" timestamptz(3),
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "campaign_dates_check" check (starts_at <= ends_at)
    )`)
    this.addSql(
      `create unique index "campaign_campaign_identifier_unique" on "promotion"."campaign" ("campaign_identifier") where "deleted_at" is null`,
    )
    this.addSql(
      `create index "campaign_search_index" on "promotion"."campaign" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("description", '') || ' ' || coalesce("campaign_identifier", '')))`,
    )
  }

  #createBudgets(): void {
    this.addSql(`create table "promotion"."campaign_budget" (
      "id" text not null,
      "campaign_id" text not null,
      "type" text not null,
      "currency_code" text,
      "limit" numeric,
      "used" numeric not null default '0',
      "attribute" text,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "campaign_budget_campaign_id_unique" unique ("campaign_id"),
      constraint "campaign_budget_campaign_id_foreign" foreign key ("campaign_id") references "promotion"."campaign" ("id") on delete cascade,
      constraint "campaign_budget_type_check" check ("type" in ('spend', 'usage', 'use_by_attribute', 'spend_by_attribute')),
      constraint "campaign_budget_attribute_check" check ("attribute" in ('customer_id', 'customer_email')),
      constraint "campaign_budget_limit_check" check ("limit" >= 0 and "limit" < 1000000000000000000),
      constraint "campaign_budget_used_check" check (used >= 0 and (type in ('use_by_attribute', 'spend_by_attribute') or used <= "limit"))
    )`)
    this.addSql(`create table "promotion"."campaign_budget_usage" (
      "campaign_budget_id" text not null,
      "attribute_value" text not null,
      "used" numeric not null default '0',
      primary key ("campaign_budget_id", "attribute_value"),
      constraint "campaign_budget_usage_campaign_budget_id_foreign" foreign key ("campaign_budget_id") references "promotion"."campaign_budget" ("id") on delete cascade,
      constraint "campaign_budget_usage_used_check" check (used >= 0)
    )`)
  }

  #createPromotions(): void {
    this.addSql(`create table "promotion"."promotion" (
      "id" text not null,
      "code" text not null,
      "type" text not null,
      "status" text not null default 'draft',
      "is_automatic" boolean not null default false,
      "is_tax_inclusive" boolean not null default false,
      "limit" int,
      "used" int not null default 0,
      "campaign_id" text,
      "conditions" jsonb not null default '[]',
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "promotion_campaign_id_foreign" foreign key ("campaign_id") references "promotion"."campaign" ("id") on delete set null,
      constraint "promotion_type_check" check ("type" in ('standard', 'buyget')),
      constraint "promotion_status_check" check ("status" in ('draft', 'active', 'inactive')),
      constraint "promotion_limit_check" check ("limit" > 0),
      constraint "promotion_used_check" check (used >= 0 and used <= "limit")
    )`)
    this.addSql(
      `create unique index "promotion_code_unique" on "promotion"."promotion" ("code") where "deleted_at" is null`,
    )
    this.addSql(
      `create index "promotion_automatic_index" on "promotion"."promotion" ("id") where "is_automatic" and "status" = 'active' and "deleted_at" is null`,
    )
    this.addSql(
      `create index "promotion_search_index" on "promotion"."promotion" using gin (to_tsvector('simple'::regconfig, coalesce("code", '')))`,
    )
    this.addSql(`create index "promotion_campaign_id_index" on "promotion"."promotion" ("campaign_id")`)
  }

  #createApplicationMethods(): void {
    this.addSql(`create table "promotion"."application_method" (
      "id" text not null,
      "promotion_id" text not null,
      "description" text,
      "type" text not null,
      "target_type" text not null,
      "allocation" text not null,
      "value" numeric not null,
      "currency_code" text,
      "max_quantity" int,
      "apply_to_quantity" int,
      "buy_rules_min_quantity" int,
      "target_conditions" jsonb not null default '[]',
      "buy_conditions" jsonb not null default '[]',
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "application_method_promotion_id_unique" unique ("promotion_id"),
      constraint "application_method_promotion_id_foreign" foreign key ("promotion_id") references "promotion"."promotion" ("id") on delete cascade,
      constraint "application_method_type_check" check ("type" in ('fixed', 'percentage')),
      constraint "application_method_target_type_check" check ("target_type" in ('order', 'shipping_methods', 'items')),
      constraint "application_method_allocation_check" check ("allocation" in ('each', 'across', 'once')),
      constraint "application_method_value_check" check (value >= 0 and value < 1000000000000000000 and (type <> 'percentage' or value <= 100)),
      constraint "application_method_currency_check" check (type <> 'fixed' or currency_code is not null)
    )`)
  }

  /** The rules of all three roles as rows: a view, because they are written with what they belong to. */
  #createRules(): void {
    const columns = `rule.value ->> 'description' as description, rule.value ->> 'attribute' as attribute,
        rule.value ->> 'operator' as operator, (select jsonb_agg(jsonb_build_object('value', item.value)) from jsonb_array_elements_text(rule.value -> 'values') item (value)) as "values",
        owner.created_at, owner.updated_at, owner.deleted_at`
    this.addSql(`create view "promotion"."promotion_rule" as
      select rule.value ->> 'id'::text as id,
        owner.id as promotion_id, null::text as target_method_id, null::text as buy_method_id, ${columns}
      from promotion.promotion owner, lateral jsonb_array_elements(owner.conditions) rule (value)
      union all
      select rule.value ->> 'id'::text as id,
        null::text as promotion_id, owner.id as target_method_id, null::text as buy_method_id, ${columns}
      from promotion.application_method owner, lateral jsonb_array_elements(owner.target_conditions) rule (value)
      union all
      select rule.value ->> 'id'::text as id,
        null::text as promotion_id, null::text as target_method_id, owner.id as buy_method_id, ${columns}
      from promotion.application_method owner, lateral jsonb_array_elements(owner.buy_conditions) rule (value)`)
  }

  #createUsages(): void {
    this.addSql(`create table "promotion"."promotion_usage" (
      "key" text not null,
      "promotion_id" text not null,
      "campaign_budget_id" text,
      "attribute_value" text,
      "counted" numeric not null,
      "created_at" timestamptz(3) not null,
      primary key ("key", "promotion_id"),
      constraint "promotion_usage_promotion_id_foreign" foreign key ("promotion_id") references "promotion"."promotion" ("id") on delete cascade,
      constraint "promotion_usage_campaign_budget_id_foreign" foreign key ("campaign_budget_id") references "promotion"."campaign_budget" ("id") on delete cascade
    )`)
  }

  override down(): void {
    this.addSql(`drop table "promotion"."promotion_usage"`)
    this.addSql(`drop view "promotion"."promotion_rule"`)
    for (const table of ["application_method", "promotion", "campaign_budget_usage", "campaign_budget", "campaign"])
      this.addSql(`drop table "promotion"."${table}"`)
  }
}
