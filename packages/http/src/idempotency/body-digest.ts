import { createHash } from "node:crypto"

/** A hash of what was read of a body, in the order in which it came. The body itself is not kept. */
export class BodyDigest {
  readonly #hash = createHash("sha256")
  readonly #limit: number
  #length = 0

  /** @param limit bytes after which nothing is added any more. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit
  }

  /** As far as a mark goes: what lies behind it was looked at by nobody. */
  static upTo(mark: string): BodyDigest {
    return new BodyDigest(Number(mark.split(":", 1)[0]))
  }

  get isFull(): boolean {
    return this.#length >= this.#limit
  }

  /** How much was read, and its hash. */
  get mark(): string {
    return `${this.#length}:${this.#hash.copy().digest("hex")}`
  }

  readonly add = (bytes: Uint8Array): void => {
    const taken = bytes.subarray(0, this.#limit - this.#length)
    this.#hash.update(taken)
    this.#length += taken.byteLength
  }

  /** What is said of the body beside its bytes. The length at its end tells it from them. */
  readonly note = (value: unknown): void => {
    const text = Buffer.from(JSON.stringify(value))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.byteLength)
    this.add(Buffer.concat([text, length]))
  }
}
