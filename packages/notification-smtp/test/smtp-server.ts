import { createServer, type AddressInfo, type Socket } from "node:net"

/** A mail as it came. */
export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** `user:password`, where the client has said who it is. */
  readonly auth: string | undefined
  /** Headers and body, as they were sent. */
  readonly data: string
}

/** As much of an SMTP server as a test needs: it takes every mail, unless told what to say instead. */
export class SmtpServer {
  readonly mails: ReceivedMail[] = []
  /** Answers by command, instead of the usual ones: `{ "RCPT TO": "550 No such mailbox" }`. */
  answers: Readonly<Record<string, string>> = {}
  port = 0
  readonly #server = createServer((socket) => this.#talk(socket))

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve))
    this.port = (this.#server.address() as AddressInfo).port
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #talk(socket: Socket): void {
    let mail = { from: "", to: [] as string[], auth: undefined as string | undefined }
    let isData = false
    let buffered = ""
    const say = (line: string) => socket.write(`${line}\r\n`)
    const command = (line: string) => {
      const upper = line.toUpperCase()
      const instead = Object.entries(this.answers).find(([start]) => upper.startsWith(start))
      if (instead !== undefined) return say(instead[1])
      if (upper.startsWith("EHLO")) return say("250-localhost\r\n250 AUTH PLAIN")
      if (upper.startsWith("AUTH PLAIN")) {
        const [, user, password] = Buffer.from(line.slice(11), "base64").toString().split("\0")
        mail.auth = `${user}:${password}`
        return say("235 Welcome")
      }
      if (upper.startsWith("MAIL FROM")) mail.from = addressIn(line)
      else if (upper.startsWith("RCPT TO")) mail.to.push(addressIn(line))
      else if (upper === "DATA") {
        isData = true
        return say("354 Go on")
      } else if (upper === "STARTTLS") return say("502 Not here")
      else if (upper === "QUIT") return socket.end("221 Bye\r\n")
      return say("250 OK")
    }
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      buffered += chunk.toString()
      for (;;) {
        const end = isData ? "\r\n.\r\n" : "\r\n"
        const at = buffered.indexOf(end)
        if (at < 0) return
        const text = buffered.slice(0, at)
        buffered = buffered.slice(at + end.length)
        if (!isData) command(text)
        else {
          isData = false
          const instead = this.answers["."]
          if (instead === undefined) this.mails.push({ ...mail, data: text })
          mail = { from: "", to: [], auth: mail.auth }
          say(instead ?? "250 Queued")
        }
      }
    })
    say("220 localhost")
  }
}

const addressIn = (line: string) => /<(.*?)>/.exec(line)?.[1] ?? ""
