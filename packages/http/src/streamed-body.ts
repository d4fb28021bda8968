import type { IncomingMessage } from "node:http"
import { PassThrough, Readable } from "node:stream"
import type { BodyDigest } from "./idempotency/body-digest.ts"

/** How long a client may go on sending what nobody wants, in milliseconds. */
const PATIENCE = 30_000

/**
 * A body as it arrives. To destroy it is to read no further, and not to hang up: there is an answer to be sent. It fails when
 * the client goes away.
 *
 * @param digest hears it as it is read.
 */
export function streamedBody(body: Readable | undefined, digest: BodyDigest | undefined): Readable {
  // An empty body is given to no parser.
  if (body === undefined) return Readable.from([])
  const stream = new PassThrough()
  if (digest !== undefined) body.on("data", digest.add).once("end", () => digest.note("end"))
  body.once("error", (error) => stream.destroy(error)).pipe(stream)
  return stream
}

/**
 * Lets go of what a handler has not read of a body. Left where it is, the next request on the connection would wait behind
 * it; and to hang up might keep the client from seeing the answer.
 */
export function letGo(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return
  request.unpipe()
  request.resume()
  const { socket } = request
  const timer = setTimeout(() => socket.destroy(), PATIENCE).unref()
  request.once("close", () => clearTimeout(timer)).once("end", () => clearTimeout(timer))
}
