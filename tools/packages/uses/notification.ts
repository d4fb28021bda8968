import { logProvider, startNotification, type NotificationView } from "@marquetry/notification"

async function main(): Promise<void> {
  const lines: string[] = []
  const { notifications, migrate, close } = await startNotification({
    database: process.env["DATABASE_URL"],
    providers: [logProvider({ log: (line) => void lines.push(line) })],
    templates: { greeting: ({ name }) => ({ subject: "Welcome", text: `Good day, ${String(name)}` }) },
  })
  await migrate()
  const input = { to: "ada@example.com", channel: "email", template: "greeting", data: { name: "Ada" } }
  const sent: NotificationView = await notifications.create({ ...input, idempotencyKey: "ada" })
  await notifications.create({ ...input, idempotencyKey: "ada" })
  await close()
  if (sent.content?.text !== "Good day, Ada" || lines.length !== 1) throw new Error(lines.join("\n"))
  console.log("ok")
}

void main()
