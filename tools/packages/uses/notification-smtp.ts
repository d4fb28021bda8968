import { startNotification } from "@marquetry/notification"
import { smtpProvider } from "@marquetry/notification-smtp"

async function main(): Promise<void> {
  const { notifications, migrate, close } = await startNotification({
    database: process.env["DATABASE_URL"],
    // A port that nobody listens on.
    providers: [smtpProvider({ host: "127.0.0.1", port: 1, from: "Shop <shop@example.com>" })],
  })
  await migrate()
  const content = { subject: "Welcome", text: "Good day" }
  const { status } = await notifications.create({
    to: "a@example.com",
    channel: "email",
    template: "greeting",
    content,
  })
  await close()
  if (status !== "failure") throw new Error(status)
  console.log("ok")
}

void main()
