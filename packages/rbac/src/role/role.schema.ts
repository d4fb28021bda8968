import { z } from "zod"
import { Permission } from "./permissions.ts"

/** As many as the check constraint of the table bears. */
export const MAX_PERMISSIONS = 1_000

/** Kept each once, in order. */
export const Permissions = z
  .array(Permission)
  .max(MAX_PERMISSIONS)
  .overwrite((permissions) => [...new Set(permissions)].toSorted())

/** Every field a caller may write. */
const writable = {
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2_000).nullable(),
  permissions: Permissions,
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateRole = z.strictObject({
  ...writable,
  description: writable.description.default(null),
  permissions: writable.permissions.default([]),
  metadata: writable.metadata.default(null),
})
export const CreateRoles = z.array(CreateRole).max(10_000)
export const UpdateRole = z.strictObject(writable).exactPartial()

export type CreateRole = z.input<typeof CreateRole>
export type CreateRoles = z.input<typeof CreateRoles>
export type UpdateRole = z.input<typeof UpdateRole>
