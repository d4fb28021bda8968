import type { FileService } from "@marquetry/file"
import { ModuleError } from "@marquetry/kernel"
import type { NotificationService } from "@marquetry/notification"
import type { ClaimedOperation } from "../operation/operation-rows.ts"

/** A file as whoever asked for it finds it. */
export interface AnnouncedFile {
  readonly id: string
  readonly filename: string
  readonly url: string
  readonly mimeType: string
}

export interface Announcement {
  readonly title: string
  readonly description: string
  readonly file?: AnnouncedFile
}

/** Not in a transaction: a provider may be asked for the URL. */
export async function announcedFile(files: FileService, id: string): Promise<AnnouncedFile> {
  const { filename, mimeType } = await files.get(id)
  return { id, filename, mimeType, url: await files.downloadUrl(id) }
}

/** Tells the admin's feed, where a provider has it; a shop without one finds the operation itself. */
export async function announce(
  notifications: NotificationService,
  { id, requestedBy }: Pick<ClaimedOperation, "id" | "requestedBy">,
  data: Announcement,
): Promise<void> {
  try {
    await notifications.create({
      to: requestedBy ?? "admin",
      channel: "feed",
      template: "admin-ui",
      data: { ...data },
      resourceId: id,
      resourceType: "bulk_operation",
      receiverId: requestedBy,
      idempotencyKey: id,
    })
  } catch (error) {
    // Thrown before anything is written, so that the transaction under way is as good as before.
    if (!ModuleError.is(error) || error.code !== "notification.channel_unknown") throw error
  }
}
