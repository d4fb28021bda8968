import { basename } from "node:path/posix"
import { Readable } from "node:stream"
import multipart from "@fastify/multipart"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { InvalidRequest } from "./errors.ts"
import type { BodyDigest } from "./idempotency/body-digest.ts"
import type { FileRules, UploadedFile } from "./route.ts"

/** Bodies are forms. Nothing of them is read before the handler asks. */
export async function acceptForms(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(multipart)
}

/**
 * The files of a form in order, each to be read before the next comes.
 *
 * @param digest hears names, types and contents as they are read.
 * @throws {InvalidRequest} when it is no form or a broken one, a file has no name or comes in another field, or there are too many.
 */
export async function* filesOf(
  request: FastifyRequest,
  rules: FileRules,
  digest: BodyDigest | undefined,
): AsyncGenerator<UploadedFile> {
  const { field, count, size } = rules
  if (!request.isMultipart()) throw new InvalidRequest([`Files come as multipart/form-data, in the field '${field}'`])
  const limits = { files: count, fileSize: size, fields: 20, fieldSize: 10_000 }
  try {
    for await (const part of request.files({ limits, throwFileSizeLimit: false })) {
      if (part.fieldname !== field) throw new InvalidRequest([`Unrecognized fields: '${part.fieldname}'`])
      // Typed as always there; a part is a file by its type, too.
      const { filename } = part as { readonly filename?: string }
      if (filename === undefined) throw new InvalidRequest([`A file of '${field}' has no name`])
      const described = { field, filename: basename(filename.replaceAll("\\", "/")), mimeType: part.mimetype }
      digest?.note(described)
      yield { ...described, content: Readable.from(whole(part.file, rules, digest), { objectMode: false }) }
    }
    digest?.note("end")
  } catch (error) {
    throw refusalOf(error, rules)
  }
}

/** Left alone, the stream of a file that is too large would end at the limit as if that were all of it. */
async function* whole(
  file: AsyncIterable<Buffer> & { readonly truncated: boolean },
  rules: FileRules,
  digest: BodyDigest | undefined,
) {
  let size = 0
  try {
    for await (const chunk of file) {
      size += chunk.byteLength
      digest?.add(chunk)
      yield chunk
    }
    digest?.note(size)
  } catch (error) {
    throw refusalOf(error, rules)
  }
  if (file.truncated) throw new InvalidRequest([`A file has ${rules.size} bytes at most`])
}

function refusalOf(error: unknown, { count }: FileRules): unknown {
  switch ((error as { code?: unknown }).code) {
    case "FST_FILES_LIMIT":
    case "FST_PARTS_LIMIT":
      return new InvalidRequest([`A form has ${count} files at most`])
    case "FST_FIELDS_LIMIT":
    case "FST_PROTO_VIOLATION":
      return new InvalidRequest(["The form has fields that it must not have"])
    case undefined:
      return isOfParser(error) ? new InvalidRequest(["The form is broken, or has ended too soon"]) : error
    default:
      return error
  }
}

/** What the parser finds wrong with a form is a bare error, without a code. */
const isOfParser = (error: unknown): boolean =>
  error instanceof Error && Object.getPrototypeOf(error) === Error.prototype
