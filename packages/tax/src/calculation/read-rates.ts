import type { Database } from "@marquetry/kernel"
import { provinceCodeOf } from "../tax/fields.ts"
import type { CandidateRate } from "./choose-rates.ts"
import type { TaxRequest } from "./tax-request.ts"

/** A region that a sale is in. */
export interface RegionRates {
  readonly providerId: string | null
  /** The default, and those whose rules name something of the sale. */
  readonly rates: readonly CandidateRate[]
}

/** The province before its country. Of a rate's rules, those that name something of the sale: it may have thousands. */
const concerned = `
  select coalesce(json_agg(json_build_object('providerId', region.provider_id, 'rates', (
    select coalesce(json_agg(json_build_object('id', rate.id, 'rate', trim_scale(rate.rate)::text, 'code', rate.code,
      'name', rate.name, 'isDefault', rate.is_default, 'isCombinable', rate.is_combinable,
      'rules', coalesce(naming.rules, '[]'))), '[]')
    from "tax"."tax_rate" rate
    cross join lateral (
      select json_agg(json_build_object('reference', rule.reference, 'referenceId', rule.reference_id)) as rules
      from "tax"."tax_rate_rule" rule
      where rule.tax_rate_id = rate.id and rule.deleted_at is null and (
        (rule.reference = 'product' and rule.reference_id = any($3::text[]))
        or (rule.reference = 'product_type' and rule.reference_id = any($4::text[]))
        or (rule.reference = 'shipping_option' and rule.reference_id = any($5::text[])))
    ) naming
    where rate.tax_region_id = region.id and rate.deleted_at is null and (rate.is_default or naming.rules is not null)
  )) order by region.province_code nulls last), '[]')::text as regions
  from "tax"."tax_region" region
  where region.country_code = $1 and coalesce(region.province_code, '') = any(array['', $2::text])
    and region.deleted_at is null`

/** The regions that a sale is in, with the rates that may apply to it, in one statement. */
export async function readRates(db: Database, { address, items, shippingMethods }: TaxRequest): Promise<RegionRates[]> {
  const [row] = await db.sql<{ regions: string }>(concerned, [
    address.countryCode,
    provinceCodeOf(address.countryCode, address.provinceCode),
    idsOf(items.map(({ productId }) => productId)),
    idsOf(items.map(({ productTypeId }) => productTypeId)),
    idsOf(shippingMethods.map(({ shippingOptionId }) => shippingOptionId)),
  ])
  return JSON.parse((row as { regions: string }).regions) as RegionRates[]
}

const idsOf = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))]
