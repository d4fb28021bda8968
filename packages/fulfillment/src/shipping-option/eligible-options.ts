import { parse, type Database } from "@marquetry/kernel"
import { z } from "zod"
import { id, provinceCodeOf } from "../fields.ts"
import { postalCodeOf } from "../zone/postal-expression.ts"
import { areRulesMet, type ShippingRule } from "./match-rules.ts"

const text = z.string().max(1_000).nullable().optional()
const ids = z.array(id).max(10_000).optional()

/** Where goods shall go, and in what situation. */
export const EligibleRequest = z.strictObject({
  /**
   * Where nothing is known of it, or not the country, no zone excludes an option. As buyers write it: what matches no zone
   * is harmless.
   */
  address: z
    .strictObject({ countryCode: text, provinceCode: text, city: text, postalCode: text })
    .nullable()
    .optional(),
  /** Those of the places that may send; all where left out. */
  fulfillmentSetIds: ids,
  /** Those of what is sent; all where left out. */
  shippingProfileIds: ids,
  /** The options themselves; all where left out. */
  ids,
  /** What rules are held against, by attribute: `{ enabled_in_store: "true", is_return: "false", item_total: "120" }`. */
  context: z.record(z.string(), z.unknown()).default({}),
})
export type EligibleRequest = z.input<typeof EligibleRequest>

/** A shipping option that can be used. */
export interface EligibleOption {
  readonly id: string
  readonly name: string
  readonly priceType: "flat" | "calculated"
  readonly data: Record<string, unknown> | null
  readonly metadata: Record<string, unknown> | null
  readonly serviceZoneId: string
  readonly fulfillmentSetId: string
  readonly shippingProfileId: string
  readonly providerId: string
  readonly typeId: string | null
  readonly rules: readonly (ShippingRule & { readonly id: string })[]
  readonly type: {
    readonly id: string
    readonly label: string
    readonly description: string | null
    readonly code: string
  } | null
  readonly provider: { readonly id: string; readonly isEnabled: boolean }
  readonly shippingProfile: { readonly id: string; readonly name: string; readonly type: string }
  readonly fulfillmentSet: { readonly id: string; readonly name: string; readonly type: string }
}

/** A field of a geo zone that is null restricts nothing; which may be null, its type says. */
const reaches = `
  geo.country_code = $1 and (geo.province_code is null or geo.province_code = $2::text)
  and (geo.city is null or lower(geo.city) = lower($3::text))
  and (geo.postal_expression is null
    or geo.postal_expression -> 'in' @> to_jsonb($4::text)
    or exists (select from jsonb_array_elements_text(geo.postal_expression -> 'prefix') prefix where starts_with($4, prefix))
    or (length($4) = length(geo.postal_expression ->> 'from')
      and $4 collate "C" between geo.postal_expression ->> 'from' and geo.postal_expression ->> 'to'))`

/** Zones first, each once, and only those of the sets: there may be thousands of geo zones, and many options in a zone. */
const reaching = `
  with zone as materialized (
    select zone.id, zone.fulfillment_set_id from "fulfillment"."service_zone" zone
    where zone.deleted_at is null and ($5::text[] is null or zone.fulfillment_set_id = any($5))
      and ($1::text is null or exists (
        select from "fulfillment"."geo_zone" geo
        where geo.service_zone_id = zone.id and geo.deleted_at is null and ${reaches}))
  )
  select coalesce(json_agg(json_build_object('id', option.id, 'name', option.name, 'priceType', option.price_type,
    'data', option.data, 'metadata', option.metadata, 'serviceZoneId', zone.id, 'fulfillmentSetId', set.id,
    'shippingProfileId', profile.id, 'providerId', provider.id, 'typeId', type.id,
    'rules', (
      select coalesce(json_agg(json_build_object('id', rule.id, 'attribute', rule.attribute, 'operator', rule.operator,
        'value', rule.value) order by rule.id), '[]')
      from "fulfillment"."shipping_option_rule" rule
      where rule.shipping_option_id = option.id and rule.deleted_at is null),
    'type', case when type.id is not null then json_build_object('id', type.id, 'label', type.label,
      'description', type.description, 'code', type.code) end,
    'provider', json_build_object('id', provider.id, 'isEnabled', provider.is_enabled),
    'shippingProfile', json_build_object('id', profile.id, 'name', profile.name, 'type', profile.type),
    'fulfillmentSet', json_build_object('id', set.id, 'name', set.name, 'type', set.type)
  ) order by option.id), '[]')::text as options
  from "fulfillment"."shipping_option" option
  join zone on zone.id = option.service_zone_id
  join "fulfillment"."fulfillment_set" set on set.id = zone.fulfillment_set_id and set.deleted_at is null
  join "fulfillment"."fulfillment_provider" provider on provider.id = option.provider_id and provider.is_enabled
  join "fulfillment"."shipping_profile" profile on profile.id = option.shipping_profile_id
  left join "fulfillment"."shipping_option_type" type on type.id = option.shipping_option_type_id
  where option.deleted_at is null
    and ($6::text[] is null or option.shipping_profile_id = any($6)) and ($7::text[] is null or option.id = any($7))`

/** The shipping options that can be used, in order of id, in one statement. @throws {InvalidInput} */
export async function readEligible(db: Database, request: EligibleRequest): Promise<EligibleOption[]> {
  const { address, fulfillmentSetIds, shippingProfileIds, ids, context } = parse(EligibleRequest, request)
  const country = address?.countryCode?.trim().toLowerCase() || null
  const province = address?.provinceCode?.trim() || null
  const [row] = await db.sql<{ options: string }>(reaching, [
    country,
    country && province && provinceCodeOf(country, province),
    address?.city?.trim() ?? null,
    postalCodeOf(address?.postalCode ?? "") || null,
    fulfillmentSetIds ?? null,
    shippingProfileIds ?? null,
    ids ?? null,
  ])
  const options = JSON.parse((row as { options: string }).options) as EligibleOption[]
  return options.filter(({ rules }) => areRulesMet(rules, context))
}
