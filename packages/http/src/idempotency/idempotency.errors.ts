import { HttpError } from "../errors.ts"

/** The header holds no key. */
export class IdempotencyKeyInvalid extends HttpError {
  constructor() {
    super(400, {
      type: "invalid_data",
      message: "An Idempotency-Key has 1 to 255 visible ASCII characters",
      code: "idempotency.key_invalid",
    })
  }
}

/** The key came with another request before: another method, address or body. */
export class IdempotencyKeyReused extends HttpError {
  constructor() {
    super(400, {
      type: "invalid_data",
      message: "This Idempotency-Key was sent with another request before: each request needs a key of its own",
      code: "idempotency.key_reused",
    })
  }
}

/** The first request with the key has not been answered yet. */
export class IdempotencyInProgress extends HttpError {
  constructor() {
    super(409, {
      type: "conflict",
      message: "A request with this Idempotency-Key is still running: try again later",
      code: "idempotency.in_progress",
    })
  }
}

/** The server keeps no answers, so that it cannot promise what the header asks for. */
export class IdempotencyNotAvailable extends HttpError {
  constructor() {
    super(501, {
      type: "not_allowed",
      message: "This server knows no Idempotency-Key: send the request without",
      code: "idempotency.not_available",
    })
  }
}
