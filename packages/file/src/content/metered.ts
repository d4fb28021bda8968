import { Readable } from "node:stream"
import { SizeDiffers, TooLarge } from "../file/file.errors.ts"
import type { FileContent } from "../file/file.schema.ts"

/** Content on its way, and what is known of it so far. */
export interface Metered {
  readonly stream: Readable
  /** Bytes that have passed. */
  readonly size: number
  /** Why it ended early: {@link TooLarge}, {@link SizeDiffers}, or what the source failed with. */
  readonly fault: unknown
}

/**
 * Counts bytes as they pass, and fails once there are too many, or other than was announced.
 *
 * Whoever writes the stream may wrap its errors; `fault` is the first one as it was, so that a client who went away is not
 * taken for a provider that is broken.
 */
export function metered(content: FileContent, maxSize: number, announced: number | null = null): Metered {
  const source = content instanceof Uint8Array ? [content] : content
  const meter = { size: 0, fault: undefined as unknown }
  async function* pass() {
    try {
      for await (const chunk of source) {
        if (!(chunk instanceof Uint8Array)) throw new TypeError("Content comes in bytes: the stream has an encoding")
        meter.size += chunk.byteLength
        if (announced !== null && meter.size > announced) throw new SizeDiffers(announced, meter.size)
        if (meter.size > maxSize) throw new TooLarge(maxSize)
        yield chunk
      }
      if (announced !== null && meter.size < announced) throw new SizeDiffers(announced, meter.size)
    } catch (error) {
      meter.fault = error
      throw error
    }
  }
  // Of bytes: as many objects would wait in it as there are chunks.
  return Object.assign(meter, { stream: Readable.from(pass(), { objectMode: false }) })
}
