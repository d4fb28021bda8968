import { defineResource } from "@marquetry/kernel"
import { AuthIdentity, ProviderIdentity } from "./identity.entity.ts"

export const authIdentityResource = defineResource("auth_identity", AuthIdentity)
export const providerIdentityResource = defineResource("provider_identity", ProviderIdentity, {
  private: ["providerMetadata"],
})
