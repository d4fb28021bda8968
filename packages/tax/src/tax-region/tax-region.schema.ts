import { z } from "zod"
import {
  countryCode,
  createdBy,
  id,
  isProvinceCode,
  metadata,
  percent,
  province,
  provinceCodeOf,
} from "../tax/fields.ts"
import { rateFields } from "../tax-rate/tax-rate.schema.ts"

/** The rate of everything that no rule names; more rates come by `TaxRateService`. */
const DefaultTaxRate = z.strictObject({
  name: rateFields.name,
  code: rateFields.code.default(null),
  rate: percent.nullable().default(null),
  isCombinable: rateFields.isCombinable.default(false),
  metadata: metadata.default(null),
})

export const CreateTaxRegion = z
  .strictObject({
    countryCode,
    /** `us-ca`, or `CA` for short; none for a whole country. */
    provinceCode: province.nullable().default(null),
    /** The region of the province's country: found, unless said. */
    parentId: id.nullable().default(null),
    providerId: id.nullable().default(null),
    createdBy: createdBy.default(null),
    metadata: metadata.default(null),
    defaultTaxRate: DefaultTaxRate.optional(),
  })
  .transform((region, context) => {
    const provinceCode = provinceCodeOf(region.countryCode, region.provinceCode)
    if (provinceCode !== null && !isProvinceCode(provinceCode)) {
      context.addIssue({ code: "custom", path: ["provinceCode"], message: "an ISO 3166-2 code" })
    }
    return { ...region, provinceCode }
  })

export const CreateTaxRegions = z.array(CreateTaxRegion).max(10_000)

/** The country cannot change: that is another region. */
export const UpdateTaxRegion = z
  .strictObject({ provinceCode: province.nullable(), providerId: id.nullable(), metadata })
  .exactPartial()

export type CreateTaxRegion = z.input<typeof CreateTaxRegion>
export type CreateTaxRegions = z.input<typeof CreateTaxRegions>
export type UpdateTaxRegion = z.input<typeof UpdateTaxRegion>
