import { defineResource } from "@marquetry/kernel"
import { User } from "./user.entity.ts"

export const userResource = defineResource("user", User, { search: ["email", "firstName", "lastName"] })
