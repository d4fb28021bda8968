import { data } from "currency-codes"
import { describe, expect, it } from "vitest"
import { currencies, currencyOf, findCurrency } from "./currency.ts"
import { UnknownCurrency } from "./money.errors.ts"

describe("a currency", () => {
  it.each([
    ["usd", "US Dollar", 2, "$", "$"],
    ["eur", "Euro", 2, "€", "€"],
    ["gbp", "Pound Sterling", 2, "£", "£"],
    ["cad", "Canadian Dollar", 2, "CA$", "$"],
    ["dkk", "Danish Krone", 2, "DKK", "kr."],
    ["pln", "Zloty", 2, "PLN", "zł"],
    ["inr", "Indian Rupee", 2, "₹", "₹"],
    ["jpy", "Yen", 0, "¥", "￥"],
    ["krw", "Won", 0, "₩", "₩"],
    ["kwd", "Kuwaiti Dinar", 3, "KWD", expect.stringContaining("د.ك")],
    ["clf", "Unidad de Fomento", 4, "CLF", "CLF"],
    ["kmf", "Comorian Franc", 0, "KMF", "CF"],
    ["xaf", "CFA Franc BEAC", 0, "FCFA", "FCFA"],
    ["xcd", "East Caribbean Dollar", 2, "EC$", "$"],
    ["xpf", "CFP Franc", 0, "CFPF", "FCFP"],
    ["xcg", "Caribbean Guilder", 2, expect.stringMatching(/^(Cg\.?|XCG)$/), expect.stringMatching(/^(Cg\.?|XCG)$/)],
  ])("%s is %s, with %i decimals, written %s and at home %s", (code, name, decimalDigits, symbol, symbolNative) => {
    expect(currencyOf(code)).toEqual({ code, name, decimalDigits, symbol, symbolNative, rounding: 0 })
  })

  it("is found in any case, and always the same frozen value", () => {
    const eur = currencyOf("eur")

    expect(currencyOf("EUR")).toBe(eur)
    expect(currencyOf("Eur")).toBe(eur)
    expect(findCurrency("EUR")).toBe(eur)
    expect(Object.isFrozen(eur)).toBe(true)
  })

  it.each(["", "eu", "euro", " eur", "e€r", "abc", "__proto__", "xxx", "xts", "xau", "xba", "xdr", "hrk"])(
    "%j is none",
    (code) => {
      expect(findCurrency(code)).toBeNull()
      expect(() => currencyOf(code)).toThrow(UnknownCurrency)
      expect(() => currencyOf(code)).toThrow(
        expect.objectContaining({ code: "money.unknown_currency", details: { currencyCode: code } }),
      )
    },
  )

  it.each([undefined, null, 978, {}])("%j is none either, whatever its type", (code) => {
    // @ts-expect-error -- JavaScript callers may give anything
    expect(() => currencyOf(code)).toThrow(UnknownCurrency)
  })
})

describe("the currencies", () => {
  it("are all of ISO 4217 but the codes without minor units, sorted", () => {
    const codes = currencies().map(({ code }) => code)
    const notCurrencies = ["xag", "xau", "xba", "xbb", "xbc", "xbd", "xdr", "xpd", "xpt", "xsu", "xts", "xua", "xxx"]
    const listed = data.map(({ code }) => code.toLowerCase())

    expect(codes).toEqual(codes.toSorted())
    expect(new Set(codes).size).toBe(codes.length)
    expect(listed.filter((code) => !codes.includes(code))).toEqual(notCurrencies)
    expect(codes.filter((code) => !listed.includes(code))).toEqual(["xcg"])
  })

  it("are made once and cannot be changed", () => {
    expect(currencies()).toBe(currencies())
    expect(Object.isFrozen(currencies())).toBe(true)
    expect(currencies().every((currency) => currency === currencyOf(currency.code))).toBe(true)
  })

  it("all have a name, symbols and digits", () => {
    const odd = currencies().filter(
      ({ name, decimalDigits, symbol, symbolNative }) =>
        ![0, 2, 3, 4].includes(decimalDigits) ||
        [name, symbol, symbolNative].some((text) => text === "" || text !== text.trim()),
    )

    expect(odd).toEqual([])
  })
})
