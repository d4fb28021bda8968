import { createHmac } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { WebhookRequest } from "../provider/payment-provider.ts"
import {
  FakePayments,
  type FakeAnswer,
  type FakeBehavior,
  type FakeRequest,
  type FakeSession,
} from "./fake-payments.ts"

/** Answers that are withheld: the work is done, and the caller does not know. */
export interface FakeHold {
  /** Resolves with the first request that waits. */
  readonly arrived: Promise<FakeRequest>
  /** Lets all of them go, and holds no more. */
  release(): void
}

export interface FakeWebhook {
  readonly type: "authorized" | "captured" | "failed"
  readonly sessionId: string
  readonly amount: string
  readonly eventId: string
}

/** A payment service in this process, which providers in this and other processes can use over HTTP. */
export interface FakePaymentServer {
  /** For `httpPayment`. */
  readonly url: string
  /** Everything that was asked, in order; repetitions too. */
  readonly requests: readonly FakeRequest[]
  /** Authorisations that were asked for, the last one by idempotency key. */
  readonly authorizations: ReadonlyMap<string, FakeRequest>
  /** What the service holds, by session. */
  readonly sessions: ReadonlyMap<string, FakeSession>
  /** Replaces what was said before; `{}` for a service that works. */
  behave(behavior: FakeBehavior): void
  /** Withholds the answers to requests of a kind, once they are done. */
  hold(method: FakeRequest["method"]): FakeHold
  /** A request as the service would make it to the shop, signed. */
  webhook(event: FakeWebhook): WebhookRequest
  close(): Promise<void>
}

/** What the fake service signs webhooks with. */
export const FAKE_SECRET = "whsec_fake"
export const sign = (body: string): string => createHmac("sha256", FAKE_SECRET).update(body).digest("hex")

interface Waiting {
  readonly method: FakeRequest["method"]
  readonly released: Promise<void>
  readonly arrive: (request: FakeRequest) => void
}

/** Starts a payment service on a free port of this machine. It lasts as long as the process, or until `close()`. */
export async function startFakePaymentServer(): Promise<FakePaymentServer> {
  const payments = new FakePayments()
  const requests: FakeRequest[] = []
  let behavior: FakeBehavior = {}
  let waiting: Waiting | undefined

  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await read(message)
    requests.push(request)
    const now = behavior
    if (now.cut === "before") return void message.socket.destroy()
    const answer = payments.answer(request, now)
    if (now.cut === "after") return void message.socket.destroy()
    if (waiting?.method === request.method) {
      waiting.arrive(request)
      await waiting.released
    }
    setTimeout(() => send(response, answer), now.delay ?? 0)
  }
  const server = createServer((message, response) => void handle(message, response))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  server.unref()

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get authorizations() {
      return new Map(
        requests.filter(({ method }) => method === "authorize").map((request) => [request.idempotencyKey, request]),
      )
    },
    sessions: payments.sessions,
    behave: (next) => {
      behavior = next
    },
    hold(method) {
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<FakeRequest>()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      waiting = { method, released, arrive }
      return {
        arrived,
        release: () => {
          waiting = undefined
          release()
        },
      }
    },
    webhook(event) {
      const rawBody = JSON.stringify(event)
      return { rawBody, headers: { "fake-signature": sign(rawBody) } }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(message: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString()) as FakeRequest
}

function send(response: ServerResponse, { code, body }: FakeAnswer): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body))
}
