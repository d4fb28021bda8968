import type { RequestInfo } from "@marquetry/http"
import { subscribe, type DependencyContainer, type Subscriber } from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { InviteCreated, InviteResent, type SentInvite } from "@marquetry/user"

/** What {@link writeInvite} names the notification that it sends. */
export const INVITE_TEMPLATE = "user.invited"

/** Writes the mail that takes the token to whoever is invited, in the transaction under way: it is sent after that. */
export async function writeInvite(
  { resolve }: Pick<RequestInfo, "resolve">,
  { id, email, token, expiresAt }: SentInvite,
): Promise<void> {
  await resolve<NotificationService>(NotificationService).create({
    to: email,
    channel: "email",
    template: INVITE_TEMPLATE,
    data: { token, email, expires_at: expiresAt },
    triggerType: InviteCreated.name,
    resourceType: "invite",
    resourceId: id,
  })
}

const sendsAfter =
  (event: typeof InviteCreated, name: string) =>
  (container: DependencyContainer): Subscriber =>
    subscribe(event, name, async () => void (await container.resolve(NotificationService).retryPending()))

/** Sends what {@link writeInvite} wrote, as soon as it is there to be sent; the job that sends again would take its time. */
export const sendInvites = [sendsAfter(InviteCreated, "api.send-invite"), sendsAfter(InviteResent, "api.resend-invite")]
