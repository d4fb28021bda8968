import { describe, expect, it } from "vitest"
import { instant } from "../src/index.ts"

describe("a moment", () => {
  it.each([
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    ["2026-12-01T10:00:00Z", "2026-12-01T10:00:00.000Z"],
    ["2026-12-01T10:00:00.5+02:00", "2026-12-01T08:00:00.500Z"],
    ["2026-12-01", "2026-12-01T00:00:00.000Z"],
  ])("is said as %s", (said, meant) => {
    expect(instant.parse(said).toISOString()).toBe(meant)
  })

  it.each(["2026-12-01T10:00:00", "2026-13-01", "2026-02-30", "1.12.2026", "tomorrow", "", 1_764_547_200_000, null])(
    "is not %s",
    (said) => {
      expect(instant.safeParse(said).success).toBe(false)
    },
  )
})
