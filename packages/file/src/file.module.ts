import {
  Database,
  defineModule,
  Events,
  parse,
  Query,
  start,
  type ModuleDefinition,
  type Started,
  type StartOptions,
} from "@marquetry/kernel"
import { z } from "zod"
import { ContentStore } from "./content/content-store.ts"
import { UnclaimedContent } from "./content/unclaimed-content.entity.ts"
import { File } from "./file/file.entity.ts"
import { fileResource } from "./file/file.resources.ts"
import { FileService } from "./file/file.service.ts"
import { CreateFileTables } from "./migrations/20261126174414_create-files.ts"
import { AddReadableWith } from "./migrations/20261126213000_add-readable-with.ts"
import type { FileProvider } from "./provider/file-provider.ts"
import { FileProviders } from "./provider/providers.ts"

const seconds = z.int().min(60).max(604_800)

const Options = z.strictObject({
  /** The first one keeps what is uploaded; the others what they have. */
  providers: z.array(z.custom<FileProvider>()),
  /** Bytes of one file at most; 100 MiB unless said. */
  maxSize: z.int().min(1).default(104_857_600),
  /** Types that are taken: `image/png`, `image/*`. All unless said. */
  allowedTypes: z.array(z.string().regex(/^[a-z0-9][\w!#$&^.+-]*\/([a-z0-9][\w!#$&^.+-]*|\*)$/)).default([]),
  /** Seconds that a URL for uploading is good for; 15 minutes unless said. */
  uploadLifetime: seconds.default(900),
  /** Seconds that a URL for fetching a private file is good for; 15 minutes unless said. */
  downloadLifetime: seconds.default(900),
})

/** How a shop configures files. */
export type FileOptions = z.input<typeof Options>

/** Files, with the providers of a shop. @throws {InvalidInput} {@link TypeError} when the providers do not go together. */
export function fileModule(options: FileOptions): ModuleDefinition {
  const { providers: given, ...settings } = parse(Options, options)
  const providers = new FileProviders(given)
  return defineModule({
    name: "file",
    entities: [File, UnclaimedContent],
    migrations: [CreateFileTables, AddReadableWith],
    resources: [fileResource],
    register(container) {
      container.register(ContentStore, {
        useFactory: (c) => new ContentStore(c.resolve(Database), providers, settings.maxSize),
      })
      container.register(FileService, {
        useFactory: (c) =>
          new FileService(c.resolve(Database), c.resolve(Events), c.resolve(Query), c.resolve(ContentStore), {
            providers,
            ...settings,
          }),
      })
    },
  })
}

/** Runs files alone, on your database or an embedded one. */
export async function startFile(options: FileOptions & StartOptions): Promise<Started<{ files: FileService }>> {
  const { providers, maxSize, allowedTypes, uploadLifetime, downloadLifetime, ...rest } = options
  const own = { providers, maxSize, allowedTypes, uploadLifetime, downloadLifetime }
  return start(fileModule(own), rest, (container) => ({ files: container.resolve(FileService) }))
}
