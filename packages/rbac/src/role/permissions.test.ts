import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { covers, isAllowed, Permission } from "./permissions.ts"

describe("a permission", () => {
  it.each<[string[], string, boolean]>([
    [["product:read"], "product:read", true],
    [["product:read"], "product:write", false],
    [["product:read"], "order:read", false],
    [["product:*"], "product:write", true],
    [["product:*"], "product_tag:write", false],
    [["*:read"], "order:read", true],
    [["*:read"], "order:write", false],
    [["*:*"], "order:write", true],
    [["order:write", "product:read"], "product:read", true],
    [[], "product:read", false],
    [["product:read"], "product:*", false],
    [["product:*"], "product:*", true],
    [["product:*", "*:read"], "*:*", false],
    [["*:*"], "product", false],
    [["*:*"], "product:read:all", false],
    [["*:*"], "", false],
  ])("of %j, asked for %s, is there: %s", (permissions, permission, expected) => {
    expect(isAllowed(permissions, permission)).toBe(expected)
  })

  it.each(["product:read", "product_tag:*", "*:cancel", "*:*", "a1:b_2"])("may read %s", (permission) => {
    expect(Permission.safeParse(permission).success).toBe(true)
  })

  it.each([
    "",
    "product",
    "product:",
    ":read",
    "Product:read",
    "product:read:all",
    "1:read",
    "product*:read",
    " a:b",
    "a:b\n",
  ])("may not read %j", (permission) => {
    expect(Permission.safeParse(permission).success).toBe(false)
  })
})

describe("permissions cover others", () => {
  const part = fc.constantFrom("*", "product", "order", "read")
  const permission = fc.tuple(part, part).map((parts) => parts.join(":"))
  const permissions = fc.array(permission, { maxLength: 6 })
  const concrete = permission.filter((one) => !one.includes("*"))

  it("only if all that those allow is allowed by them", () => {
    fc.assert(
      fc.property(permissions, permissions, concrete, (mine, theirs, asked) => {
        fc.pre(covers(mine, theirs) && isAllowed(theirs, asked))
        expect(isAllowed(mine, asked)).toBe(true)
      }),
    )
  })

  it("unless those allow something that they do not, be it of a name that there is not yet", () => {
    fc.assert(
      fc.property(permissions, permissions, (mine, theirs) => {
        const beyond = theirs.map((one) => one.replaceAll("*", "new")).filter((asked) => !isAllowed(mine, asked))
        expect(covers(mine, theirs)).toBe(beyond.length === 0)
      }),
    )
  })
})
