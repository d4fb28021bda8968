import { isAmountLike, parseAmount } from "@marquetry/money"

const HANDLE = /^[a-z0-9]+(-[a-z0-9]+)*$/
const MAX_HANDLE = 200
export const MAX_TITLE = 500

/** What keeps a text from being a handle. */
export function handleFault(handle: string): string | undefined {
  if (HANDLE.test(handle) && handle.length <= MAX_HANDLE) return undefined
  return `"${handle.slice(0, MAX_HANDLE)}" is no handle: lower-case words joined by hyphens`
}

/** An absolute URL of the web, or a path on this server. */
export function isImageUrl(text: string): boolean {
  if (text.length > 2_000) return false
  if (/^\/[^/\s]\S*$/.test(text)) return true
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

/** An amount that is not negative, in its plain spelling; `undefined` for what is none, or too large for any price. */
export function amount(text: string): string | undefined {
  if (!isAmountLike(text)) return undefined
  const plain = parseAmount(text).toString()
  return /^\d{1,12}(\.\d{1,12})?$/.test(plain) ? plain : undefined
}
