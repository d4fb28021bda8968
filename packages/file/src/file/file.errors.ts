import { ModuleError } from "@marquetry/kernel"

/** The content has more bytes than the shop takes. */
export class TooLarge extends ModuleError {
  readonly code = "file.too_large"
  readonly kind = "invalid"
  override readonly details: { maxSize: number }
  constructor(maxSize: number) {
    super(`The file is larger than ${maxSize} bytes`)
    this.details = { maxSize }
  }
}

/** The shop takes no files of that type. */
export class TypeRefused extends ModuleError {
  readonly code = "file.type_refused"
  readonly kind = "invalid"
  override readonly details: { mimeType: string }
  constructor(mimeType: string) {
    super(`Files of the type "${mimeType}" are not taken`)
    this.details = { mimeType }
  }
}

/** The content has more or fewer bytes than were announced. */
export class SizeDiffers extends ModuleError {
  readonly code = "file.size_differs"
  readonly kind = "invalid"
  override readonly details: { announced: number; size: number }
  constructor(announced: number, size: number) {
    super(`The file was said to have ${announced} bytes, and has ${size}`)
    this.details = { announced, size }
  }
}

/** Reading it takes a permission that whoever asks does not have. */
export class NotReadable extends ModuleError {
  readonly code = "file.not_readable"
  readonly kind = "forbidden"
  override readonly details: { id: string; readableWith: readonly string[] }

  constructor({ id, readableWith }: { id: string; readableWith: readonly string[] }) {
    const one = readableWith.length === 0 ? "one for files" : `one of ${readableWith.join(", ")}`
    super(`To read this file takes a permission: ${one}`)
    this.details = { id, readableWith }
  }
}

/** Nothing has arrived at the provider under that key yet. */
export class NotUploaded extends ModuleError {
  readonly code = "file.not_uploaded"
  readonly kind = "conflict"
  override readonly details: { key: string }
  constructor(key: string) {
    super(`Nothing was uploaded as "${key}" yet`)
    this.details = { key }
  }
}
