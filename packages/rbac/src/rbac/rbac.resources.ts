import { defineResource } from "@marquetry/kernel"
import { Rbac } from "./rbac.entity.ts"

export const rbacResource = defineResource("rbac", Rbac, { search: ["name", "description"] })
