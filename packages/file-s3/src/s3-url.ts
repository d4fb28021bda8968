import type { S3FilesOptions } from "./s3-files.ts"

const bare = (url: string): string => url.replace(/\/+$/, "")

/** Where public files are read, without the key. */
export function publicBaseOf(options: S3FilesOptions): string {
  const { bucket, region, endpoint, prefix = "", publicUrl, forcePathStyle = false } = options
  if (publicUrl !== undefined) return bare(publicUrl)
  const service = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`)
  const own = forcePathStyle ? `${bare(service.href)}/${bucket}` : `${service.protocol}//${bucket}.${service.host}`
  const folder = folderOf(prefix)
  return folder === "" ? own : `${own}/${folder}`
}

/** A prefix as keys begin with it. */
export const folderOf = (prefix: string): string => prefix.replaceAll(/^\/+|\/+$/g, "")
