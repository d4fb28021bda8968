import type { Readable } from "node:stream"
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3"
import { Upload } from "@aws-sdk/lib-storage"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import {
  ContentMissing,
  dispositionOf,
  type ContentToKeep,
  type DownloadToPresign,
  type FileAccess,
  type FileProvider,
  type UploadToPresign,
} from "@marquetry/file"
import { explain, isMissing } from "./s3-errors.ts"
import { folderOf, publicBaseOf } from "./s3-url.ts"

export interface S3FilesOptions {
  readonly bucket: string
  /** `eu-central-1`; `auto` where the service has none. */
  readonly region: string
  /** Of another service than Amazon's: `https://fra1.digitaloceanspaces.com`. */
  readonly endpoint?: string
  /** Unless said, where Amazon's library looks for them: the environment, a profile, the machine's role. */
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  /** A folder in the bucket, for one that holds other things too. */
  readonly prefix?: string
  /** Where the bucket, or the folder of `prefix`, is read by anybody: a CDN. The service's own URL unless said. */
  readonly publicUrl?: string
  /** Names the bucket in the path instead of the host: MinIO wants it. */
  readonly forcePathStyle?: boolean
  /** Makes public files readable one by one, where the bucket has no policy that does. */
  readonly acl?: boolean
  /** `s3` unless said: for shops with several buckets. */
  readonly id?: string
  /** More options of Amazon's library. */
  readonly client?: S3ClientConfig
}

/** Bytes of a part, of which two are in memory for each upload. */
const PART = 5 * 1_024 * 1_024
const AT_ONCE = 2
/** Deletes at once no more than that. */
const DELETES_AT_ONCE = 10

/** Keeps files in a bucket of S3, or of a service that speaks like it. It asks for nothing before it is used. */
export function s3Files(options: S3FilesOptions): FileProvider {
  const { id = "s3" } = options
  const bucket = new S3Bucket(options)
  const attempt = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw explain(id, error)
    })
  const base = publicBaseOf(options)
  return {
    id,
    urlOf: (key) => `${base}/${key}`,
    put: (file) => attempt(() => bucket.put(file)),
    get: (key) => attempt(() => bucket.get(key)),
    sizeOf: (key) => attempt(() => bucket.sizeOf(key)),
    delete: (keys) => attempt(() => bucket.delete(keys)),
    presignUpload: (upload) => attempt(() => bucket.presignUpload(upload)),
    presignDownload: (download) => attempt(() => bucket.presignDownload(download)),
  }
}

/**
 * What the provider does, with errors as they come. Not called `Bucket`: inside a class of that name the compiler
 * (TypeScript 7.0.2) takes the field `Bucket` of requests for the class, and writes `{ _a: … }`.
 */
class S3Bucket {
  readonly #client: S3Client
  readonly #options: S3FilesOptions
  readonly #folder: string

  constructor(options: S3FilesOptions) {
    const { region, endpoint, credentials, forcePathStyle = false, prefix = "", client } = options
    this.#options = options
    this.#folder = folderOf(prefix)
    this.#client = new S3Client({
      // Checksums that Amazon's library adds by itself: other services refuse them, and a presigned URL would ask for that of
      // nothing at all.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: { connectionTimeout: 10_000, socketTimeout: 30_000 },
      ...client,
      region,
      forcePathStyle,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    })
  }

  /** In one request when it is small, and in parts when it is not; parts of what fails are given up. */
  async put({ key, filename, mimeType, access, content }: ContentToKeep): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      partSize: PART,
      queueSize: AT_ONCE,
      params: {
        ...this.#at(key),
        ...this.#aclOf(access),
        Body: content,
        ContentType: mimeType,
        ContentDisposition: dispositionOf(mimeType, filename),
        // What is under a key never changes.
        CacheControl: access === "public" ? "public, max-age=31536000, immutable" : "private, no-store",
      },
    })
    await upload.done()
  }

  async get(key: string): Promise<Readable> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#at(key)))
      return Body as Readable
    } catch (error) {
      throw isMissing(error) ? new ContentMissing(key, { cause: error }) : error
    }
  }

  async sizeOf(key: string): Promise<number | null> {
    try {
      const { ContentLength = 0 } = await this.#client.send(new HeadObjectCommand(this.#at(key)))
      return ContentLength
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  /** One request each: the one for many is what services that speak like S3 differ in. */
  async delete(keys: readonly string[]): Promise<void> {
    const waiting = keys.values()
    const work = async () => {
      for (const key of waiting) {
        await this.#client.send(new DeleteObjectCommand(this.#at(key))).catch((error: unknown) => {
          if (!isMissing(error)) throw error
        })
      }
    }
    await Promise.all(Array.from({ length: Math.min(DELETES_AT_ONCE, keys.length) }, work))
  }

  /** Size and type are signed: the service refuses others. */
  async presignUpload({ key, mimeType, size, access, expiresIn }: UploadToPresign) {
    const command = new PutObjectCommand({
      ...this.#at(key),
      ...this.#aclOf(access),
      ContentType: mimeType,
      ContentLength: size,
    })
    const url = await getSignedUrl(this.#client, command, {
      expiresIn,
      signableHeaders: new Set(["content-type", "content-length", "host"]),
    })
    return { url, headers: { "content-type": mimeType } }
  }

  async presignDownload({ key, filename, mimeType, expiresIn }: DownloadToPresign): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#at(key),
      ResponseContentType: mimeType,
      ResponseContentDisposition: dispositionOf(mimeType, filename),
    })
    return getSignedUrl(this.#client, command, { expiresIn })
  }

  #at(key: string) {
    return { Bucket: this.#options.bucket, Key: this.#folder === "" ? key : `${this.#folder}/${key}` }
  }

  #aclOf(access: FileAccess) {
    return this.#options.acl === true && access === "public" ? { ACL: "public-read" as const } : {}
  }
}
