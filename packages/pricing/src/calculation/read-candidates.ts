import type { Database } from "@marquetry/kernel"
import type { PriceRule } from "../price/price.types.ts"
import type { TaxPreferences } from "./calculated-price.ts"
import type { Candidate, CandidateList, Situation } from "./choose-price.ts"

/** What was asked for, by position, and what must be known to answer it. */
export interface Candidates {
  /** The prices that may apply to each position; `undefined` where there are none. */
  readonly byPosition: readonly (readonly Candidate[] | undefined)[]
  readonly preferences: TaxPreferences
}

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const preference = (attribute: string, value: string) =>
  `coalesce((select is_tax_inclusive from "pricing"."price_preference"
    where attribute = '${attribute}' and value = ${value} and deleted_at is null), false)`

/** Tuples, as JSON that is parsed in one go: cheaper than a row of eight columns per price. */
const answer = `
  select
    (select coalesce(json_agg(json_build_array(position, id, currency_code, amount::text, min_quantity::text,
        max_quantity::text, price_list_id, case when rules_count > 0 then rules end)), '[]')::text
      from candidate) as prices,
    (select coalesce(json_agg(json_build_object('id', id, 'type', type, 'status', status, 'rules', rules,
        'startsAt', ${instant("starts_at")}, 'endsAt', ${instant("ends_at")})), '[]')::text
      from "pricing"."price_list" where id in (select price_list_id from candidate)) as lists,
    ${preference("currency_code", "$1")} as currency,
    ${preference("region_id", "$2")} as region`

/** Prices that may apply. Whether their rules are met is left to the choice, which explains itself. */
const applicable = `with candidate as materialized (
    select asked.position, price.*
    from unnest($3::text[], $4::text[]::numeric[]) with ordinality as asked (price_set_id, quantity, position)
    join "pricing"."price" price on price.price_set_id = asked.price_set_id
      and price.currency_code = $1 and price.deleted_at is null
      and (price.min_quantity is null or price.min_quantity <= asked.quantity)
      and (price.max_quantity is null or price.max_quantity >= asked.quantity)
    left join "pricing"."price_list" list on list.id = price.price_list_id
    where price.price_list_id is null or (list.status = 'active'
      and (list.starts_at is null or list.starts_at <= $5::timestamptz)
      and (list.ends_at is null or list.ends_at >= $5::timestamptz))
  ) ${answer}`

const all = `with candidate as materialized (
    select 1 as position, price.* from "pricing"."price" price where price.price_set_id = $3 and price.deleted_at is null
  ) ${answer}`

interface Answer {
  prices: string
  lists: string
  currency: boolean
  region: boolean
}
type Tuple = [
  position: number,
  id: string,
  currencyCode: string,
  amount: string,
  minQuantity: string | null,
  maxQuantity: string | null,
  listId: string | null,
  rules: PriceRule[] | null,
]

/** Reads the prices that may apply to each of many sets, and the tax preferences, in one statement. */
export async function readApplicable(
  db: Database,
  priceSetIds: readonly string[],
  quantities: readonly string[],
  situation: Situation,
): Promise<Candidates> {
  const values = [situation.currencyCode, regionOf(situation), priceSetIds, quantities, situation.at]
  const [row] = await db.sql<Answer>(applicable, values)
  return candidatesOf(row as Answer)
}

/** Reads all prices of one set, whatever they are for. */
export async function readAll(db: Database, priceSetId: string, situation: Situation): Promise<readonly Candidate[]> {
  const [row] = await db.sql<Answer>(all, [situation.currencyCode, regionOf(situation), priceSetId])
  return candidatesOf(row as Answer).byPosition[0] ?? []
}

const regionOf = ({ attributes }: Situation) => attributes.get("region_id")?.[0] ?? null

const noRules: readonly PriceRule[] = []

function candidatesOf({ prices, lists, currency, region }: Answer): Candidates {
  const listOf = new Map<string, CandidateList>()
  for (const list of JSON.parse(lists) as CandidateList[]) listOf.set(list.id, list)
  const byPosition: Candidate[][] = []
  for (const [position, id, currencyCode, amount, minQuantity, maxQuantity, listId, rules] of JSON.parse(
    prices,
  ) as Tuple[]) {
    const candidate: Candidate = {
      id,
      currencyCode,
      amount,
      minQuantity,
      maxQuantity,
      rules: rules ?? noRules,
      list: listId === null ? null : (listOf.get(listId) as CandidateList),
    }
    const others = byPosition[position - 1]
    if (others === undefined) byPosition[position - 1] = [candidate]
    else others.push(candidate)
  }
  return { byPosition, preferences: { currency, region } }
}
