import { z } from "zod"

const part = "(\\*|[a-z][a-z0-9_]*)"

/** What may be done to what: `product:read`. `*` is everything, for either part: `product:*`, `*:read`, `*:*`. */
export const Permission = z
  .string()
  .max(200)
  .regex(new RegExp(`^${part}:${part}$`), "resource:action, each in lower snake case or *")

/** What an actor without a role may do: everything, so that nothing changes for shops that use no roles. */
export const DEFAULT_PERMISSIONS: readonly string[] = Object.freeze(["*:*"])

/**
 * Whether somebody with `permissions` may do what takes `permission`.
 *
 * @param permission `product:read`. A wildcard in it is allowed by as wide a one only; what is not of that form, by none.
 */
export function isAllowed(permissions: readonly string[], permission: string): boolean {
  const [resource, action, ...rest] = permission.split(":")
  if (action === undefined || rest.length > 0) return false
  const allowing = [permission, `${resource}:*`, `*:${action}`, "*:*"]
  return allowing.some((wide) => permissions.includes(wide))
}

/**
 * Whether whoever has `mine` may give `theirs` to others: nobody gives what they do not have.
 *
 * A wildcard is only covered by one: it allows what there will be, too, and no list of names does.
 */
export function covers(mine: readonly string[], theirs: readonly string[]): boolean {
  return theirs.every((permission) => isAllowed(mine, permission))
}
