import { createHash, createHmac } from "node:crypto"
import type { IncomingMessage } from "node:http"

/** What of a signature is in the headers of a request, or in its query. */
interface Signed {
  readonly credential: string
  readonly headers: readonly string[]
  readonly signature: string
  readonly date: string
  readonly payload: string
}

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")

function signedOf({ headers }: IncomingMessage, query: URLSearchParams): Signed | undefined {
  const given = /Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(headers.authorization ?? "")
  if (given !== null) {
    const [, credential, names, signature] = given as unknown as [string, string, string, string]
    const [date, payload] = [String(headers["x-amz-date"]), String(headers["x-amz-content-sha256"])]
    return { credential, headers: names.split(";"), signature, date, payload }
  }
  const credential = query.get("X-Amz-Credential")
  const names = query.get("X-Amz-SignedHeaders")
  const signature = query.get("X-Amz-Signature")
  const date = query.get("X-Amz-Date")
  if (credential === null || names === null || signature === null || date === null) return undefined
  return { credential, headers: names.split(";"), signature, date, payload: "UNSIGNED-PAYLOAD" }
}

const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** Whether a request was signed by a secret access key, as AWS describes it (signature version 4), and has not expired. */
export function isSigned(request: IncomingMessage, secretAccessKey: string): boolean {
  const { pathname, searchParams: query } = new URL(request.url ?? "", "http://localhost")
  const signed = signedOf(request, query)
  if (signed === undefined || !signed.headers.includes("host")) return false
  const [, day = "", region = "", service = ""] = signed.credential.split("/")
  const pairs = [...query].filter(([name]) => name !== "X-Amz-Signature")
  const canonicalQuery = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).toSorted()
  const canonicalHeaders = signed.headers.map((name) => `${name}:${String(request.headers[name] ?? "").trim()}\n`)
  const canonical = [
    request.method,
    pathname,
    canonicalQuery.join("&"),
    canonicalHeaders.join(""),
    signed.headers.join(";"),
    signed.payload,
  ]
  const scope = `${day}/${region}/${service}/aws4_request`
  const text = ["AWS4-HMAC-SHA256", signed.date, scope, sha256(canonical.join("\n"))].join("\n")
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  return hmac(key, text).toString("hex") === signed.signature && !hasExpired(signed.date, query)
}

function hasExpired(date: string, query: URLSearchParams): boolean {
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"))
  return at + Number(query.get("X-Amz-Expires") ?? 900) * 1_000 < Date.now()
}
