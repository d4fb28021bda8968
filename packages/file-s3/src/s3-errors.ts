import { NoSuchKey, NotFound, S3ServiceException } from "@aws-sdk/client-s3"
import { ProviderUnavailable } from "@marquetry/file"
import { ModuleError } from "@marquetry/kernel"

/** Whether S3 says that there is no such object. A bucket that is not there is another matter. */
export const isMissing = (error: unknown): boolean => {
  if (error instanceof NoSuchKey || error instanceof NotFound) return true
  // Answers to `HEAD` have no body that would name the error.
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404 && error.name !== "NoSuchBucket"
}

/** Errors of S3, of the network and of looking for credentials in the words of the file module; bugs as they are. */
export function explain(providerId: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || ModuleError.is(error)) return error
  // Where several addresses were tried, Node's own error has no message.
  const message = error.message === "" ? error.name : error.message
  return new ProviderUnavailable(providerId, message, { cause: error })
}
