import type { NotificationProvider } from "./notification-provider.ts"

export interface LogProviderOptions {
  /** `*` unless said: every channel that no other provider has. */
  readonly channels?: readonly string[]
  /** Gets a line per notification; `console.log` unless said. */
  readonly log?: (line: string) => void
}

/** Writes notifications into a log instead of sending them: for development, and for channels that nobody reads yet. */
export function logProvider({ channels = ["*"], log = console.log }: LogProviderOptions = {}): NotificationProvider {
  return {
    id: "log",
    channels,
    send: async ({ channel, to, template, content, data }) => {
      log(`notification ${JSON.stringify({ channel, to, template, content, data })}`)
      return {}
    },
  }
}
