import { ModuleError } from "@marquetry/kernel"

/** Another campaign has one of the identifiers. */
export class CampaignIdentifierTaken extends ModuleError {
  readonly code = "promotion.campaign_identifier_taken"
  readonly kind = "conflict"
  override readonly details: { campaignIdentifiers: string[] }
  constructor(campaignIdentifiers: string[]) {
    super(`Another campaign has the identifier, or one of them: ${campaignIdentifiers.slice(0, 10).join(", ")}`)
    this.details = { campaignIdentifiers }
  }
}

/** A campaign would end before it starts. */
export class CampaignDatesReversed extends ModuleError {
  readonly code = "promotion.campaign_dates_reversed"
  readonly kind = "invalid"
  constructor() {
    super("A campaign cannot end before it starts")
  }
}

/** A limit was given to the budget of a campaign that has none. */
export class CampaignHasNoBudget extends ModuleError {
  readonly code = "promotion.campaign_has_no_budget"
  readonly kind = "invalid"
  override readonly details: { campaignId: string }
  constructor(campaignId: string) {
    super(`The campaign ${campaignId} was made without a budget`)
    this.details = { campaignId }
  }
}

/** A fixed amount and the budget that it is to be counted in have different currencies. */
export class CampaignCurrencyDiffers extends ModuleError {
  readonly code = "promotion.campaign_currency_differs"
  readonly kind = "invalid"
  override readonly details: { currencyCode: string; budgetCurrencyCode: string }
  constructor(currencyCode: string, budgetCurrencyCode: string) {
    super(`A promotion in ${currencyCode} cannot be in a campaign whose budget is in ${budgetCurrencyCode}`)
    this.details = { currencyCode, budgetCurrencyCode }
  }
}
