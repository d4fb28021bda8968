import type { Guard, RequestInfo, SecurityScheme } from "./route.ts"

/**
 * Says which credentials a guard takes, for the documentation.
 *
 * @param alternatives any of them will do.
 */
export function describeGuard<Identity>(
  guard: Guard<Identity>,
  ...alternatives: readonly SecurityScheme[]
): Guard<Identity> {
  return Object.assign((request: RequestInfo) => guard(request), { security: alternatives.map((scheme) => [scheme]) })
}

type Identities<Guards extends Readonly<Record<string, Guard>>> = {
  readonly [Name in keyof Guards]: Awaited<ReturnType<Guards[Name]>>
}

/** A guard that lets pass what all of several let pass, asked one after the other: `allOf({ storefront, customer })`. */
export function allOf<Guards extends Readonly<Record<string, Guard>>>(guards: Guards): Guard<Identities<Guards>> {
  const entries = Object.entries(guards)
  const described = entries.flatMap(([, { security }]) => (security === undefined ? [] : [security]))
  const check = async (request: RequestInfo) => {
    const identities: Record<string, unknown> = {}
    for (const [name, guard] of entries) identities[name] = await guard(request)
    return identities as Identities<Guards>
  }
  if (described.length === 0) return check
  const security = described.reduce<readonly (readonly SecurityScheme[])[]>(
    (sets, alternatives) => sets.flatMap((set) => alternatives.map((further) => [...set, ...further])),
    [[]],
  )
  return Object.assign(check, { security })
}
