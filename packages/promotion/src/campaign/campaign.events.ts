import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A campaign was made. */
export const CampaignCreated = defineEvent("campaign.created", payload)
/** Fields, the limit of the budget or the promotions of a campaign changed; not when it starts or ends by its dates. */
export const CampaignUpdated = defineEvent("campaign.updated", payload)
/** A campaign was deleted; its promotions are in none. */
export const CampaignDeleted = defineEvent("campaign.deleted", payload)
