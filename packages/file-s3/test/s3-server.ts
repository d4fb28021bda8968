import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"
import { isSigned } from "./signature.ts"

export interface StoredObject {
  readonly body: Buffer
  /** As they were sent with it, in lower case. */
  readonly headers: IncomingMessage["headers"]
}

interface MultipartUpload {
  readonly key: string
  readonly headers: IncomingMessage["headers"]
  readonly parts: Map<number, Buffer>
}

/** As much of S3 as is used here, with its paths: one bucket in memory, parts of uploads, and signatures that are checked. */
export class S3Server {
  readonly bucket = "shop"
  readonly credentials = { accessKeyId: "AKIATEST", secretAccessKey: "a secret that everybody may know" }
  /** By key. */
  readonly objects = new Map<string, StoredObject>()
  /** That were begun, and neither completed nor given up. */
  readonly uploads = new Map<string, MultipartUpload>()
  /** Methods and paths, in order. */
  readonly requests: string[] = []
  /** What becomes of the next requests instead: an error of S3's, or a cut connection. */
  fault: { status: number; code: string } | "cut" | undefined
  endpoint = ""
  #made = 0
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response).catch(() => response.destroy())
  })

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve))
    this.endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? "", this.endpoint)
    const body = await buffer(request)
    this.requests.push(`${request.method} ${pathname}`)
    if (this.fault === "cut") return void request.socket.destroy()
    if (this.fault !== undefined) return refuse(response, this.fault.status, this.fault.code)
    const [, bucket, ...path] = pathname.split("/")
    const key = path.map((part) => decodeURIComponent(part)).join("/")
    const isPublic = request.method === "GET" && /(^|\/)public\//.test(key)
    if (!isPublic && !isSigned(request, this.credentials.secretAccessKey)) {
      return refuse(response, 403, "SignatureDoesNotMatch")
    }
    if (bucket !== this.bucket) return refuse(response, 404, "NoSuchBucket")
    const uploadId = query.get("uploadId")
    if (query.has("uploads")) return this.#begin(key, request, response)
    if (uploadId !== null) return this.#proceed(uploadId, Number(query.get("partNumber")), request, body, response)
    return this.#object(key, query, request, body, response)
  }

  #object(key: string, query: URLSearchParams, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    if (request.method === "PUT") {
      this.objects.set(key, { body, headers: request.headers })
      return void response.writeHead(200, { etag: '"etag"' }).end()
    }
    if (request.method === "DELETE") {
      this.objects.delete(key)
      return void response.writeHead(204).end()
    }
    const found = this.objects.get(key)
    if (found === undefined) return refuse(response, 404, "NoSuchKey", request.method === "HEAD")
    response.writeHead(200, {
      "content-length": found.body.byteLength,
      "content-type": query.get("response-content-type") ?? found.headers["content-type"] ?? "",
      "content-disposition":
        query.get("response-content-disposition") ?? found.headers["content-disposition"] ?? "inline",
    })
    response.end(request.method === "HEAD" ? undefined : found.body)
  }

  #begin(key: string, { headers }: IncomingMessage, response: ServerResponse): void {
    const id = `upload-${++this.#made}`
    this.uploads.set(id, { key, headers, parts: new Map() })
    const named = `<Bucket>${this.bucket}</Bucket><Key>${key}</Key><UploadId>${id}</UploadId>`
    response.writeHead(200).end(`<InitiateMultipartUploadResult>${named}</InitiateMultipartUploadResult>`)
  }

  #proceed(id: string, part: number, { method }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const upload = this.uploads.get(id)
    if (upload === undefined) return refuse(response, 404, "NoSuchUpload")
    if (method === "PUT") {
      upload.parts.set(part, body)
      return void response.writeHead(200, { etag: `"part-${part}"` }).end()
    }
    this.uploads.delete(id)
    if (method === "DELETE") return void response.writeHead(204).end()
    const parts = [...upload.parts].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes)
    this.objects.set(upload.key, { body: Buffer.concat(parts), headers: upload.headers })
    response
      .writeHead(200)
      .end(`<CompleteMultipartUploadResult><Key>${upload.key}</Key></CompleteMultipartUploadResult>`)
  }
}

function refuse(response: ServerResponse, status: number, code: string, isBare = false): void {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} it is</Message></Error>`
  response.writeHead(status, { "content-type": "application/xml" }).end(isBare ? undefined : xml)
}
