import { newId } from "@marquetry/kernel"
// Types and tools disagree about what a CommonJS module's default is; the named `default` is the function for both.
import slugify from "slugify"

/** What a handle may be: lower-case words joined by hyphens, as they stand in a URL. */
export const HANDLE = /^[a-z0-9]+(-[a-z0-9]+)*$/
export const HANDLE_LENGTH = 200
/** Left free for the number that makes a handle unique. */
const SUFFIX_LENGTH = 10

/**
 * The handle that a title suggests: transliterated, lower-case words joined by hyphens.
 *
 * A title of which nothing can be transliterated (Japanese, say) gets one that is unique and says nothing.
 */
export function slugOf(title: string): string {
  const words = title.replaceAll(/['’`]/g, "").replaceAll(/(?:(?![&%])[\p{P}\p{Z}\p{Cc}])+/gu, " ")
  const slug = slugify
    .default(words, { lower: true, strict: true })
    .slice(0, HANDLE_LENGTH - SUFFIX_LENGTH)
    .replaceAll(/-{2,}/g, "-")
    .replaceAll(/^-|-$/g, "")
  return slug === "" ? newId("x").slice(2).toLowerCase() : slug
}
