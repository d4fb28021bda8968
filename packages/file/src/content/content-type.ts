/** What the names of files of a type end with. */
const extensions: Readonly<Record<string, string>> = {
  "application/gzip": "gz",
  "application/json": "json",
  "application/pdf": "pdf",
  "application/xml": "xml",
  "application/zip": "zip",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/wav": "wav",
  "font/woff2": "woff2",
  "image/avif": "avif",
  "image/bmp": "bmp",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/webp": "webp",
  "image/x-icon": "ico",
  "text/css": "css",
  "text/csv": "csv",
  "text/html": "html",
  "text/javascript": "js",
  "text/plain": "txt",
  "video/mp4": "mp4",
  "video/webm": "webm",
}

const types: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(extensions).map(([type, extension]) => [extension, type])),
  jpeg: "image/jpeg",
  htm: "text/html",
}

const endOf = (name: string): string => /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? ""

/** What a key ends with: by the type where that is known, so that the two say the same; else as the file's name does. */
export function extensionFor(mimeType: string, filename: string): string {
  const extension = Object.hasOwn(extensions, mimeType) ? (extensions[mimeType] as string) : endOf(filename)
  return extension === "" ? "" : `.${extension}`
}

/** The type that a key says by its end. */
export function typeOfKey(key: string): string {
  const end = endOf(key)
  return Object.hasOwn(types, end) ? (types[end] as string) : "application/octet-stream"
}

/** Types that a browser shows without running anything in them. */
const SHOWN = /^(audio\/.*|video\/.*|image\/(avif|bmp|gif|jpeg|png|webp|x-icon)|application\/pdf|text\/plain)$/

/**
 * How a browser is told to treat content: `inline` for pictures, sound, film, PDF and plain text, `attachment` for
 * everything else. A page, or an SVG image, that somebody uploaded would run its scripts as the shop's own; as an attachment
 * it is saved, and still shown by `<img>`.
 *
 * @param filename what it is saved as; left out, the last part of the URL.
 */
export function dispositionOf(mimeType: string, filename?: string): string {
  const kind = SHOWN.test(mimeType) ? "inline" : "attachment"
  if (filename === undefined) return kind
  const plain = filename.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_")
  const encoded = encodeURIComponent(filename).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}
