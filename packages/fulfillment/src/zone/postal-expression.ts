import { z } from "zod"

/** From the widest to the narrowest. */
export const geoZoneTypes = ["country", "province", "city", "zip"] as const
export type GeoZoneType = (typeof geoZoneTypes)[number]

/** How postal codes are compared: in capitals, without blanks and hyphens. `sw1a 1aa` is `SW1A1AA`. */
export const postalCodeOf = (code: string): string => code.toUpperCase().replaceAll(/[\s-]/g, "")

const postalCode = z.string().max(50).transform(postalCodeOf).pipe(z.string().min(1))

/**
 * Some postal codes: those that are listed, those that begin in a way, and those from one to another of the same length,
 * both inclusive. One of the three has to be true of a code.
 */
export const PostalExpression = z
  .strictObject({
    in: z.array(postalCode).min(1).max(10_000).exactOptional(),
    prefix: z.array(postalCode).min(1).max(10_000).exactOptional(),
    from: postalCode.exactOptional(),
    to: postalCode.exactOptional(),
  })
  .superRefine(({ in: listed, prefix, from, to }, context) => {
    const issue = (message: string) => context.addIssue({ code: "custom", message })
    if (listed === undefined && prefix === undefined && from === undefined && to === undefined)
      issue("at least one of in, prefix, and from with to")
    else if (from?.length !== to?.length) issue("from and to of the same length")
    else if (from !== undefined && to !== undefined && from > to) issue("from not after to")
  })
export type PostalExpression = z.output<typeof PostalExpression>
