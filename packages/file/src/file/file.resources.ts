import { defineResource } from "@marquetry/kernel"
import { File } from "./file.entity.ts"

export const fileResource = defineResource("file", File, { search: ["filename"] })
