import { defineResource } from "@marquetry/kernel"
import { Invite } from "./invite.entity.ts"

export const inviteResource = defineResource("invite", Invite, { private: ["tokenHash"], search: ["email"] })
