import type { DependencyContainer } from "@marquetry/kernel"
import { TaxRateService, TaxRegionService } from "@marquetry/tax"

/** Standard rates of value added tax, in per cent, as of 2026. */
export const VAT: Readonly<Record<string, number>> = {
  at: 20,
  be: 21,
  de: 19,
  dk: 25,
  es: 21,
  fi: 25.5,
  fr: 20,
  ie: 23,
  it: 22,
  lu: 17,
  nl: 21,
  pt: 23,
  se: 25,
}

/** Sales taxes of some states, in per cent, without those of counties and cities. Elsewhere nothing is charged. */
const SALES_TAX: Readonly<Record<string, number>> = { ca: 7.25, fl: 6, il: 6.25, ny: 4, pa: 6, tx: 6.25, wa: 6.5 }

/** Charges taxes where the shop sells. A gift card is none yet of what is taxed when somebody pays with it. */
export async function makeTaxes(container: DependencyContainer, giftCardTypeId: string): Promise<void> {
  const regions = await container.resolve(TaxRegionService).createMany([
    ...Object.entries(VAT).map(([countryCode, rate]) => ({
      countryCode,
      defaultTaxRate: { name: "VAT", code: "vat", rate },
    })),
    { countryCode: "us" },
    ...Object.entries(SALES_TAX).map(([state, rate]) => ({
      countryCode: "us",
      provinceCode: `us-${state}`,
      defaultTaxRate: { name: "Sales tax", code: "sales_tax", rate },
    })),
  ])
  await container.resolve(TaxRateService).createMany(
    regions.map(({ id }) => ({
      taxRegionId: id,
      name: "Not taxed",
      code: "none",
      rate: 0,
      rules: [{ reference: "product_type" as const, referenceId: giftCardTypeId }],
    })),
  )
}
