import type { Route } from "@marquetry/http"
import { isAllowed } from "@marquetry/rbac"

/** A permission that there is, as clients know it. Its id is what it says: `product:read`. */
export interface Policy {
  readonly id: string
  readonly key: string
  readonly resource: string
  readonly operation: string
  readonly name: string
  readonly description: string
}

/** Everything that may be allowed: what the routes ask for, and the wildcards over it. In order of the keys. */
export function policiesOf(routes: readonly Route[]): Policy[] {
  const summaries = new Map<string, Set<string>>([["*:*", new Set(["Everything"])]])
  const add = (key: string, summary: string) => summaries.set(key, (summaries.get(key) ?? new Set()).add(summary))
  for (const { schemas } of routes) {
    for (const permission of schemas.permissions ?? []) {
      const [resource = "", operation = ""] = permission.split(":")
      add(permission, schemas.summary)
      add(`${resource}:*`, `Everything with ${worded(resource)}`)
      add(`*:${operation}`, `${capital(worded(operation))} whatever there is`)
    }
  }
  return [...summaries]
    .map(([key, lines]) => policyOf(key, [...lines].join("; ")))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** What somebody may do, each by its name: wildcards are what they stand for. */
export const expanded = (policies: readonly Policy[], permissions: readonly string[]): string[] =>
  policies.map(({ key }) => key).filter((key) => !key.includes("*") && isAllowed(permissions, key))

function policyOf(key: string, description: string): Policy {
  const [resource = "", operation = ""] = key.split(":")
  const what = resource === "*" ? "everything" : worded(resource)
  const name = capital(operation === "*" ? `anything with ${what}` : `${worded(operation)} ${what}`)
  return { id: key, key, resource, operation, name, description }
}

const worded = (name: string): string => name.replaceAll("_", " ")
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
