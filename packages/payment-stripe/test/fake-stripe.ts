import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"

/** A payment intent, as much of it as is used. */
export interface FakeIntent {
  readonly id: string
  readonly object: "payment_intent"
  readonly client_secret: string
  amount: number
  amount_capturable: number
  amount_received: number
  currency: string
  status: string
  capture_method: string
  customer: string | null
  metadata: Record<string, string>
  last_payment_error: object | null
}

export interface FakeCall {
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly idempotencyKey: string | undefined
}

interface Answer {
  readonly code: number
  readonly body: object
}

/** Stripe's HTTP API, as far as it is used here: intents, refunds and customers in memory, idempotency keys honoured. */
export class FakeStripe {
  readonly intents = new Map<string, FakeIntent>()
  readonly refunds = new Map<string, { payment_intent: string; amount: number }>()
  readonly customers = new Map<string, Record<string, string>>()
  readonly calls: FakeCall[] = []
  /** What becomes of the next requests instead: an error of Stripe's, or a cut connection before or after the work. */
  fault: Answer | "cut_before" | "cut_after" | undefined
  readonly #answers = new Map<string, Answer>()
  #made = 0

  /** @returns the options that lead Stripe's library here, and what ends it. */
  async start(): Promise<{
    client: { host: string; port: number; protocol: "http"; maxNetworkRetries: number }
    close(): Promise<void>
  }> {
    const server = createServer((message, response) => {
      void read(message).then((call) => {
        this.calls.push(call)
        const answer = this.#answer(call)
        if (answer === undefined) return message.socket.destroy()
        return response
          .writeHead(answer.code, { "content-type": "application/json", connection: "close" })
          .end(JSON.stringify(answer.body))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as AddressInfo
    return {
      client: { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0 },
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    }
  }

  /** What a buyer does in the browser. */
  confirm(
    id: string,
    status: "requires_capture" | "requires_action" | "processing" | "succeeded" | "declined" = "requires_capture",
  ): void {
    const intent = this.intents.get(id)!
    if (status === "declined") {
      intent.last_payment_error = { message: "Your card was declined.", code: "card_declined" }
      return
    }
    intent.last_payment_error = null
    intent.status = status
    if (status === "requires_capture") intent.amount_capturable = intent.amount
    if (status === "succeeded") intent.amount_received = intent.amount
  }

  /** Keys last for a day. */
  forgetKeys(): void {
    this.#answers.clear()
  }

  #answer(call: FakeCall): Answer | undefined {
    const { fault } = this
    if (fault === "cut_before") return undefined
    if (fault !== undefined && fault !== "cut_after") return fault
    const key = call.idempotencyKey === undefined ? undefined : `${call.path} ${call.idempotencyKey}`
    const answer = (key === undefined ? undefined : this.#answers.get(key)) ?? this.#do(call)
    if (key !== undefined) this.#answers.set(key, answer)
    return fault === "cut_after" ? undefined : answer
  }

  #do({ method, path, params }: FakeCall): Answer {
    const [resource, id, action] = path.split("/").slice(2) as [string, string?, string?]
    if (resource === "customers") return this.#customer(method, id, params)
    if (resource === "refunds") return this.#refund(params)
    if (id === undefined) return this.#create(params)
    const intent = this.intents.get(id)
    if (intent === undefined) return refused(404, "invalid_request_error", "resource_missing")
    if (method === "GET") return { code: 200, body: intent }
    return this.#change(intent, action, params)
  }

  #create(params: FakeCall["params"]): Answer {
    if (Number(params["amount"]) < 50) return refused(400, "invalid_request_error", "amount_too_small")
    const id = `pi_${++this.#made}`
    const intent: FakeIntent = {
      id,
      object: "payment_intent",
      client_secret: `${id}_secret`,
      amount: Number(params["amount"]),
      amount_capturable: 0,
      amount_received: 0,
      currency: params["currency"]!,
      status: params["payment_method"] === undefined ? "requires_payment_method" : "requires_confirmation",
      capture_method: params["capture_method"]!,
      customer: params["customer"] ?? null,
      metadata: { session_id: params["metadata[session_id]"]! },
      last_payment_error: null,
    }
    this.intents.set(id, intent)
    return { code: 200, body: { ...intent } }
  }

  #change(intent: FakeIntent, action: string | undefined, params: FakeCall["params"]): Answer {
    const unexpected: Answer = {
      code: 400,
      body: {
        error: {
          type: "invalid_request_error",
          code: "payment_intent_unexpected_state",
          message: "Wrong state",
          payment_intent: { ...intent },
        },
      },
    }
    if (action === undefined) {
      intent.amount = Number(params["amount"] ?? intent.amount)
      intent.customer = params["customer"] ?? intent.customer
    } else if (action === "confirm") {
      if (intent.status !== "requires_confirmation") return unexpected
      this.confirm(intent.id)
    } else if (action === "capture") {
      if (intent.status !== "requires_capture") return unexpected
      intent.amount_received = Number(params["amount_to_capture"])
      intent.amount_capturable = 0
      intent.status = "succeeded"
    } else if (action === "cancel") {
      if (["succeeded", "canceled", "processing"].includes(intent.status)) return unexpected
      intent.status = "canceled"
      intent.amount_capturable = 0
    }
    return { code: 200, body: { ...intent } }
  }

  #refund(params: FakeCall["params"]): Answer {
    const intent = this.intents.get(params["payment_intent"]!)!
    const before = [...this.refunds.values()].filter((refund) => refund.payment_intent === intent.id)
    const amount = Number(params["amount"] ?? intent.amount_received)
    const total = before.reduce((sum, refund) => sum + refund.amount, amount)
    if (total > intent.amount_received) return refused(400, "invalid_request_error", "charge_already_refunded")
    const id = `re_${++this.#made}`
    this.refunds.set(id, { payment_intent: intent.id, amount })
    return { code: 200, body: { id, object: "refund", amount, status: "succeeded" } }
  }

  #customer(method: string, id: string | undefined, params: FakeCall["params"]): Answer {
    if (id === undefined) {
      const made = `cus_${++this.#made}`
      this.customers.set(made, { ...params })
      return { code: 200, body: { id: made, object: "customer" } }
    }
    if (!this.customers.has(id)) return refused(404, "invalid_request_error", "resource_missing")
    if (method === "DELETE") this.customers.delete(id)
    else this.customers.set(id, { ...this.customers.get(id), ...params })
    return { code: 200, body: { id, object: "customer" } }
  }
}

export const refused = (code: number, type: string, reason: string, more: object = {}): Answer => ({
  code,
  body: { error: { type, code: reason, message: `Refused: ${reason}`, ...more } },
})

async function read(message: IncomingMessage): Promise<FakeCall> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return {
    method: message.method!,
    path: message.url!.split("?")[0]!,
    params: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
    idempotencyKey: message.headers["idempotency-key"] as string | undefined,
  }
}
