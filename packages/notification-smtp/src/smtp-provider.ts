import { NotificationRefused, type NotificationProvider, type OutgoingNotification } from "@marquetry/notification"
import { createTransport, type SMTPTransportOptions } from "nodemailer"

export interface SmtpOptions {
  readonly host: string
  /** 587 unless said, or 465 with `secure`. */
  readonly port?: number
  /** Whether the connection begins with TLS; else it changes to TLS where the server offers it. */
  readonly secure?: boolean
  /** Refuses servers that offer no TLS. */
  readonly requireTls?: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  /** Who mails come from, unless a notification says it: `Shop <shop@example.com>`. */
  readonly from: string
  /** `smtp` unless said: for shops with several servers. */
  readonly id?: string
  /** `email` unless said. */
  readonly channels?: readonly string[]
  /** More options of nodemailer's: timeouts, certificates, DKIM. */
  readonly client?: SMTPTransportOptions
}

/** Sends e-mail by SMTP, each over a connection of its own. */
export function smtpProvider(options: SmtpOptions): NotificationProvider {
  const { host, secure = false, port = secure ? 465 : 587, requireTls = false, auth, from } = options
  const transport = createTransport({
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    ...options.client,
    host,
    port,
    secure,
    requireTLS: requireTls,
    ...(auth === undefined ? {} : { auth: { ...auth } }),
    // What is sent is what was recorded: nothing is read from here or elsewhere.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    id: options.id ?? "smtp",
    channels: options.channels ?? ["email"],
    send: async (notification) => {
      const { messageId } = await transport.sendMail(mailOf(notification, from)).catch(rethrow)
      return { externalId: messageId }
    },
  }
}

function mailOf({ id, to, from, template, content }: OutgoingNotification, usual: string) {
  const { subject, text, html } = content ?? {}
  if (text === undefined && html === undefined) {
    throw new NotificationRefused(
      `There is nothing to send: give the notification a content, or write a template "${template}"`,
    )
  }
  return {
    from: from ?? usual,
    // One address: a comma in it makes no list.
    to: { name: "", address: to },
    ...(subject === undefined ? {} : { subject }),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    // The same each time it is sent, so that mail programs show it once.
    messageId: `<${id}@${domainOf(from ?? usual)}>`,
    // Keeps holiday replies away.
    headers: { "Auto-Submitted": "auto-generated" },
  }
}

const domainOf = (from: string): string => /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? "localhost"

/** A server that says 5xx of a mail means it; of who we are (`EAUTH`) it may be told better. */
function rethrow(error: unknown): never {
  const { code, responseCode = 0, message } = error as Error & { code?: string; responseCode?: number }
  const isFinal = responseCode >= 500 && (code === "EENVELOPE" || code === "EMESSAGE")
  if (isFinal) throw new NotificationRefused(message, { cause: error })
  throw error
}
