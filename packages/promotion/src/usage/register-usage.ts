import { NotFound, type Database } from "@marquetry/kernel"
import { PromotionLimitReached, type LimitReason } from "./usage.errors.ts"
import type { Registration } from "./usage.schema.ts"

/**
 * Promotions are held in order of id, then budgets in order of id; a budget that is held holds what its customers used.
 * The ledger decides what is new: only that is counted, and only while there is room. Rows that were counted by others
 * while this waited are seen as they are then, because `update` and `on conflict` look again at what they change.
 */
const register = `with given as materialized (
    select * from json_to_recordset($1::json) as given (promotion_id text, amount numeric, currency_code text)
  ), held as materialized (
    select p.id, p.code, p.campaign_id from "promotion"."promotion" p
    where p.id in (select promotion_id from given) and p.deleted_at is null
    order by p.id for no key update
  ), fresh as (
    insert into "promotion"."promotion_usage" (key, promotion_id, campaign_budget_id, attribute_value, counted, created_at)
    select $2::text, held.id, b.id, case b.attribute when 'customer_id' then $3::text when 'customer_email' then $4::text end,
      case when b.type in ('spend', 'spend_by_attribute') then given.amount else 1 end, $5::timestamptz
    from held join given on given.promotion_id = held.id
    left join "promotion"."campaign_budget" b on b.campaign_id = held.campaign_id
    on conflict (key, promotion_id) do nothing
    returning promotion_id, campaign_budget_id, attribute_value, counted
  ), used as (
    update "promotion"."promotion" p set used = p.used + 1 from fresh
    where p.id = fresh.promotion_id and (p."limit" is null or p.used < p."limit")
    returning p.id
  ), spent as materialized (
    select fresh.campaign_budget_id as id, sum(fresh.counted) as counted, max(fresh.attribute_value) as attribute_value,
      bool_and(b.currency_code is null or b.currency_code = given.currency_code) as in_currency
    from fresh join given using (promotion_id) join "promotion"."campaign_budget" b on b.id = fresh.campaign_budget_id
    group by 1
  ), held_budget as materialized (
    select b.id, b."limit", b.attribute from "promotion"."campaign_budget" b
    where b.id in (select id from spent)
    order by b.id for no key update
  ), budgeted as (
    update "promotion"."campaign_budget" b set used = b.used + spent.counted
    from spent join held_budget using (id)
    where b.id = spent.id and spent.in_currency
      and (b.attribute is not null or b."limit" is null or b.used + spent.counted <= b."limit")
    returning b.id
  ), personal as (
    insert into "promotion"."campaign_budget_usage" as u (campaign_budget_id, attribute_value, used)
    select spent.id, spent.attribute_value, spent.counted
    from spent join budgeted using (id) join held_budget using (id)
    where held_budget.attribute is not null and spent.attribute_value is not null
      and (held_budget."limit" is null or spent.counted <= held_budget."limit")
    on conflict (campaign_budget_id, attribute_value) do update set used = u.used + excluded.used
    where (select b."limit" is null or u.used + excluded.used <= b."limit"
      from "promotion"."campaign_budget" b where b.id = u.campaign_budget_id)
    returning campaign_budget_id as id
  )
  select given.promotion_id, held.code, case
    when held.id is null then 'not_found'
    when fresh.promotion_id is null then null
    when not exists (select from used where used.id = held.id) then 'limit_reached'
    when spent.id is null then null
    when not spent.in_currency then 'currency_differs'
    when held_budget.attribute is not null and spent.attribute_value is null then 'customer_unknown'
    when not exists (select from budgeted where budgeted.id = spent.id) then 'budget_exhausted'
    when held_budget.attribute is not null and not exists (select from personal where personal.id = spent.id)
      then 'budget_exhausted'
    end as refusal
  from given
  left join held on held.id = given.promotion_id
  left join fresh on fresh.promotion_id = held.id
  left join spent on spent.id = fresh.campaign_budget_id
  left join held_budget on held_budget.id = spent.id
  order by given.promotion_id`

interface Outcome {
  promotion_id: string
  code: string | null
  refusal: LimitReason | "not_found" | null
}

/** Counts what an order uses, in one statement. @throws {PromotionLimitReached} {@link NotFound} */
export async function registerUsage(db: Database, { key, promotions, customerId, email }: Registration): Promise<void> {
  if (promotions.length === 0) return
  const given = promotions.map(({ promotionId, amount, currencyCode }) => ({
    promotion_id: promotionId,
    amount,
    currency_code: currencyCode,
  }))
  const values = [JSON.stringify(given), key, customerId, email, new Date().toISOString()]
  // What was counted before a refusal is undone with the transaction.
  await db.transaction(async () => {
    for (const { promotion_id, code, refusal } of await db.sql<Outcome>(register, values)) {
      if (refusal === "not_found") throw new NotFound("Promotion", promotion_id)
      if (refusal !== null) throw new PromotionLimitReached(promotion_id, code ?? promotion_id, refusal)
    }
  })
}

/** Held in the same order as by {@link register}. What the ledger lost is given back, and only that. */
const revert = `with held as materialized (
    select p.id from "promotion"."promotion" p
    where p.id in (select promotion_id from "promotion"."promotion_usage" where key = $1)
    order by p.id for no key update
  ), gone as (
    delete from "promotion"."promotion_usage" u using held where u.key = $1 and u.promotion_id = held.id
    returning u.promotion_id, u.campaign_budget_id, u.attribute_value, u.counted
  ), used as (
    update "promotion"."promotion" p set used = p.used - 1 from gone where p.id = gone.promotion_id
  ), spent as materialized (
    select campaign_budget_id as id, attribute_value, sum(counted) as counted from gone
    where campaign_budget_id is not null group by 1, 2
  ), held_budget as materialized (
    select b.id from "promotion"."campaign_budget" b
    where b.id in (select id from spent)
    order by b.id for no key update
  ), budgeted as (
    update "promotion"."campaign_budget" b set used = b.used - spent.counted
    from spent join held_budget using (id) where b.id = spent.id
    returning b.id
  )
  update "promotion"."campaign_budget_usage" u set used = u.used - spent.counted
  from spent join budgeted using (id)
  where u.campaign_budget_id = spent.id and u.attribute_value = spent.attribute_value`

/** Takes back what was registered under a key, in one statement; nothing where there is nothing. */
export async function revertUsage(db: Database, key: string): Promise<void> {
  await db.run(revert, [key])
}
