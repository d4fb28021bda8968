export {
  answerTo,
  faultsOf,
  HttpError,
  InvalidRequest,
  Unauthorized,
  type WireError,
  type WireErrorType,
} from "./errors.ts"
export { FieldReader, type FieldRules } from "./fields.ts"
export {
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
export { getRoute, listRoute, type Preparation, type Reading, type ResourceReads } from "./resource-routes.ts"
export { resourceSchema } from "./resource-schema.ts"
export {
  RawJson,
  routes,
  type Guard,
  type HandlerContext,
  type Method,
  type RequestInfo,
  type ResourceAnswer,
  type Route,
  type RouteSchemas,
} from "./route.ts"
export { createServer, type Server, type ServerOptions } from "./server.ts"
export { codecOf, toSnake, type Codec } from "./wire.ts"
