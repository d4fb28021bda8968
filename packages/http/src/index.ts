export {
  answerTo,
  faultsOf,
  HttpError,
  InvalidRequest,
  PermissionMissing,
  Unauthorized,
  VersionOutdated,
  type ErrorAnswer,
  type ErrorAnswers,
  type WireError,
  type WireErrorType,
} from "./errors.ts"
export { FieldReader, type FieldRules } from "./fields.ts"
export { allOf, describeGuard } from "./guard.ts"
export {
  IdempotencyInProgress,
  IdempotencyKeyInvalid,
  IdempotencyKeyReused,
  IdempotencyNotAvailable,
} from "./idempotency/idempotency.errors.ts"
export { idempotencyModule } from "./idempotency/idempotency.module.ts"
export { forgetIdempotentRequests } from "./idempotency/idempotency.service.ts"
export {
  asks,
  compares,
  equals,
  listQuery,
  nested,
  readList,
  type FilterParameter,
  type ListRequest,
  type ListRules,
} from "./list-query.ts"
export { openApiOf, type OpenApiDocument } from "./openapi.ts"
export { parseQueryString } from "./query-string.ts"
export {
  getRoute,
  listRoute,
  rowAnswer,
  type Preparation,
  type Reading,
  type ResourceReads,
  type RowAnswer,
} from "./resource-routes.ts"
export { resourceSchema } from "./resource-schema.ts"
export {
  noBody,
  RawJson,
  routes,
  StreamedContent,
  type CookieOptions,
  type FileRules,
  type Guard,
  type HandlerContext,
  type Method,
  type RequestInfo,
  type ResourceAnswer,
  type Route,
  type RouteSchemas,
  type SecurityScheme,
  type UploadedFile,
  type Verbs,
} from "./route.ts"
export { createServer, type Server, type ServerOptions } from "./server.ts"
export { codecOf, toSnake, type Codec } from "./wire.ts"
