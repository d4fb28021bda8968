import { Storefronts, type Storefront } from "@marquetry/flows"
import { HttpError, type Guard } from "@marquetry/http"

const HEADER = "x-publishable-api-key"

const refuse = (message: string, code: string) => new HttpError(400, { type: "not_allowed", message, code })

/** Every request to the Store API names its storefront by a publishable key. */
export const storefront: Guard<Storefront> = async ({ header, resolve }) => {
  const token = header(HEADER)
  if (token === undefined || token === "") {
    throw refuse(`Publishable API key required in the request header: ${HEADER}`, "store.publishable_key_missing")
  }
  const found = await resolve<Storefronts>(Storefronts).find(token)
  if (found === null)
    throw refuse("A valid publishable key is required to proceed with the request", "store.publishable_key_invalid")
  return found
}
