import { Database, defineModule, Events, Query, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CreateFileTable } from "./migrations/20261126174414_create-files.ts"
import { File } from "./file/file.entity.ts"
import { fileResource } from "./file/file.resources.ts"
import { FileService } from "./file/file.service.ts"

export const fileModule = defineModule({
  name: "file",
  entities: [File],
  migrations: [CreateFileTable],
  resources: [fileResource],
  register(container) {
    container.register(FileService, {
      useFactory: (c) => new FileService(c.resolve(Database), c.resolve(Events), c.resolve(Query)),
    })
  },
})

/** Runs files alone, on your database or an embedded one. */
export function startFile(options: StartOptions = {}): Promise<Started<{ files: FileService }>> {
  return start(fileModule, options, (container) => ({ files: container.resolve(FileService) }))
}
