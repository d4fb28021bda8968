import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { HANDLE, HANDLE_LENGTH, slugOf } from "./slug.ts"

describe("handles from titles", () => {
  it.each([
    ["Blue Shirt", "blue-shirt"],
    ["  Crème brûlée -- à la carte ", "creme-brulee-a-la-carte"],
    ["Größe", "grosse"],
    ["T-Shirt/Red, V2.0", "t-shirt-red-v2-0"],
    ["Men's Salt & Pepper", "mens-salt-and-pepper"],
    ["Чай зелёный", "chaj-zelyonyj"],
  ])("makes of %s %s", (title, handle) => {
    expect(slugOf(title)).toBe(handle)
  })

  it("makes one that is unique of a title that it cannot spell", () => {
    expect(slugOf("日本茶")).toMatch(HANDLE)
    expect(slugOf("日本茶")).not.toBe(slugOf("日本茶"))
  })

  it("always makes one that may be one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (title) => {
        const handle = slugOf(title)
        expect(handle).toMatch(HANDLE)
        expect(handle.length).toBeLessThanOrEqual(HANDLE_LENGTH)
      }),
    )
  })
})
