import { createHmac, timingSafeEqual } from "node:crypto"

/** What may be done with a URL. */
export interface Grant {
  readonly method: "GET" | "PUT"
  readonly key: string
  /** Seconds since 1970. */
  readonly expires: number
  /** In bytes, of an upload. */
  readonly size?: number | undefined
  /** What a download is saved as. */
  readonly filename?: string | undefined
}

function signatureOf(secret: string, { method, key, expires, size, filename }: Grant): string {
  // As JSON, so that no part can be taken for another; with a name, so that nothing else signed by the secret is a URL.
  const text = JSON.stringify(["marquetry.file", method, key, expires, size ?? null, filename ?? null])
  return createHmac("sha256", secret).update(text).digest("base64url")
}

/** The query of a URL that was granted. */
export function signed(secret: string, grant: Grant): URLSearchParams {
  const query = new URLSearchParams({ expires: String(grant.expires) })
  if (grant.size !== undefined) query.set("size", String(grant.size))
  if (grant.filename !== undefined) query.set("filename", grant.filename)
  query.set("signature", signatureOf(secret, grant))
  return query
}

/** What a query grants, if we have signed it and it has not expired; else `null`. */
export function verified(
  secret: string,
  method: Grant["method"],
  key: string,
  query: Readonly<Record<string, unknown>>,
): Grant | null {
  const { signature, filename } = query
  const [expires, size] = [numberIn(query["expires"]), numberIn(query["size"])]
  if (typeof signature !== "string" || expires === undefined || expires * 1_000 <= Date.now()) return null
  const grant = { method, key, expires, size, filename: typeof filename === "string" ? filename : undefined }
  const [given, wanted] = [Buffer.from(signature), Buffer.from(signatureOf(secret, grant))]
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? grant : null
}

const numberIn = (text: unknown): number | undefined =>
  typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined
