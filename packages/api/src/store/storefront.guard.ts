import { Storefronts, type StorefrontKey } from "@marquetry/flows"
import { HttpError, type Guard } from "@marquetry/http"

const HEADER = "x-publishable-api-key"

const refuse = (message: string, code: string) => new HttpError(400, { type: "not_allowed", message, code })

export const invalidKey = (): HttpError =>
  refuse("A valid publishable key is required to proceed with the request", "store.publishable_key_invalid")

/**
 * Every request to the Store API names its storefront by a publishable key. Whether the key is valid is found out
 * beside what the request reads, and before anything of that is answered: see `visibleTo`.
 */
export const storefront: Guard<StorefrontKey> = ({ header, resolve }) => {
  const token = header(HEADER)
  if (token === undefined || token === "") {
    throw refuse(`Publishable API key required in the request header: ${HEADER}`, "store.publishable_key_missing")
  }
  const key = resolve<Storefronts>(Storefronts).keyOf(token)
  if (key === null) throw invalidKey()
  return key
}
