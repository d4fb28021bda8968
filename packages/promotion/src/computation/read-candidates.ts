import type { Database } from "@marquetry/kernel"
import type { CandidatePromotion } from "./computation.types.ts"

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const budget = `case when b.id is null then null else json_build_object(
  'id', b.id, 'type', b.type, 'currencyCode', b.currency_code, 'limit', trim_scale(b."limit")::text,
  'attribute', b.attribute, 'used', trim_scale(case
    when b.attribute is null then b.used
    when b.attribute = 'customer_id' and $2::text is null or b.attribute = 'customer_email' and $3::text is null then null
    else coalesce(u.used, 0) end)::text) end`

const campaign = `case when c.id is null then null else json_build_object(
  'id', c.id, 'startsAt', ${instant("c.starts_at")}, 'endsAt', ${instant("c.ends_at")}, 'budget', ${budget}) end`

const method = `json_build_object(
  'type', m.type, 'targetType', m.target_type, 'allocation', m.allocation, 'value', trim_scale(m.value)::text,
  'currencyCode', m.currency_code, 'maxQuantity', m.max_quantity, 'applyToQuantity', m.apply_to_quantity,
  'buyRulesMinQuantity', m.buy_rules_min_quantity, 'description', m.description,
  'targetRules', m.target_conditions, 'buyRules', m.buy_conditions)`

/**
 * Two index reads, by code and of what applies by itself; the joins only run for what they find. Automatic promotions
 * that are used up or out of their time are left out, because shops keep those of years; `$4` null keeps them in.
 */
const candidates = `with wanted as materialized (
    select p.* from "promotion"."promotion" p where p.code = any($1::text[]) and p.deleted_at is null
    union all
    select p.* from "promotion"."promotion" p
    where p.is_automatic and p.status = 'active' and p.deleted_at is null and p.code <> all($1::text[])
      and ($4::timestamptz is null or ((p."limit" is null or p.used < p."limit") and not exists (
        select from "promotion"."campaign" c
        where c.id = p.campaign_id and (c.starts_at > $4::timestamptz or c.ends_at < $4::timestamptz))))
  )
  select coalesce(json_agg(json_build_object(
    'id', p.id, 'code', p.code, 'type', p.type, 'status', p.status, 'isAutomatic', p.is_automatic,
    'isTaxInclusive', p.is_tax_inclusive, 'limit', p."limit", 'used', p.used, 'rules', p.conditions,
    'method', ${method}, 'campaign', ${campaign})), '[]')::text as promotions
  from wanted p
  join "promotion"."application_method" m on m.promotion_id = p.id
  left join "promotion"."campaign" c on c.id = p.campaign_id
  left join "promotion"."campaign_budget" b on b.campaign_id = c.id
  left join "promotion"."campaign_budget_usage" u on u.campaign_budget_id = b.id
    and u.attribute_value = case b.attribute when 'customer_id' then $2::text else $3::text end`

/** Whose cart it is, where that is known. */
export interface Customer {
  readonly customerId: string | null
  /** In lower case. */
  readonly email: string | null
}

/**
 * Reads the promotions with those codes, whatever their status, and the automatic ones that are active, in one statement.
 *
 * @param at leaves out automatic ones that cannot apply then; `null` for all of them.
 */
export async function readCandidates(
  db: Database,
  codes: readonly string[],
  { customerId, email }: Customer,
  at: Date | null,
): Promise<CandidatePromotion[]> {
  const values = [codes, customerId, email, at === null ? null : at.toISOString()]
  const [row] = await db.sql<{ promotions: string }>(candidates, values)
  return JSON.parse(row?.promotions ?? "[]") as CandidatePromotion[]
}
