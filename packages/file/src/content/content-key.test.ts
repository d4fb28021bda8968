import { newId } from "@marquetry/kernel"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isKey, newKey } from "./content-key.ts"
import { dispositionOf, typeOfKey } from "./content-type.ts"

describe("keys of content", () => {
  it.each([
    ["Größe L.PNG", "image/png", "gro-e-l.png"],
    ["café menu.pdf", "application/pdf", "cafe-menu.pdf"],
    ["page.png", "text/html", "page.html"],
    ["page.html", "image/png", "page.png"],
    ["archive.tar.gz", "application/x-unknown", "archive-tar.gz"],
    ["日本.unknown-extension", "application/octet-stream", "file"],
    [".htaccess", "application/octet-stream", "file.htaccess"],
  ])("of %s as %s end with %s", (filename, mimeType, end) => {
    const key = newKey(newId("file"), { access: "public", filename, mimeType })

    expect(key.split("-").slice(2).join("-")).toBe(end)
  })

  it("lead nowhere else, whatever the name and type, and no two are the same", () => {
    const types = fc.oneof(fc.constantFrom("image/png", "text/html", "constructor/x"), fc.string())
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        types,
        fc.constantFrom("public", "private"),
        (filename, mimeType, access) => {
          const [one, other] = [newId("file"), newId("file")].map((id) => newKey(id, { access, filename, mimeType }))

          expect(isKey(one as string)).toBe(true)
          expect(one).not.toBe(other)
        },
      ),
    )
  })

  it.each([
    "public/../private/a",
    "private/a/../../b",
    "public//a",
    "public/.a",
    "/public/a",
    "incoming/a",
    "public/a\0",
    "public/a\n",
    "public/",
    "",
  ])("are not what somebody makes up: %j", (text) => {
    expect(isKey(text)).toBe(false)
  })

  it.each([
    ["public/a.png", "image/png"],
    ["public/a.jpeg", "image/jpeg"],
    ["public/a.svg", "image/svg+xml"],
    ["public/a.constructor", "application/octet-stream"],
    ["public/a", "application/octet-stream"],
  ])("say the type of what is there: %s is %s", (key, type) => {
    expect(typeOfKey(key)).toBe(type)
  })
})

describe("what browsers are told to do with content", () => {
  it.each(["image/png", "video/mp4", "application/pdf", "text/plain"])("is to show %s", (type) => {
    expect(dispositionOf(type)).toBe("inline")
  })

  it.each(["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript", "x/y"])(
    "is to save %s, which would run as the shop's own",
    (type) => {
      expect(dispositionOf(type)).toBe("attachment")
    },
  )

  it("is to save it by its name, of which no part is taken for more of the header", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (filename) => {
        const disposition = dispositionOf("text/csv", filename)

        expect(disposition).toMatch(/^attachment; filename="[^"\\]*"; filename\*=UTF-8''[\w%.~!-]*$/)
        expect(decodeURIComponent(disposition.split("''")[1] ?? "")).toBe(filename)
      }),
    )
  })
})
