import { Agent, request } from "node:http"

export interface Answer {
  readonly status: number
  /** Nobody pays for reading what nobody looks at. */
  text(): string
}

/** One shopper's connection, which is kept open: what it asks is asked in turn. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #address: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(address: string, headers: Readonly<Record<string, string>>) {
    this.#address = address
    this.#headers = headers
  }

  send(method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const headers =
      payload === undefined
        ? this.#headers
        : { ...this.#headers, "content-type": "application/json", "content-length": payload.length }
    request(this.#address + path, { method, agent: this.#agent, headers }, (response) => {
      const parts: Buffer[] = []
      response.on("data", (part: Buffer) => parts.push(part))
      response.on("error", reject)
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text: () => Buffer.concat(parts).toString() })
      })
    })
      .on("error", reject)
      .end(payload)
    return promise
  }

  close(): void {
    this.#agent.destroy()
  }
}
