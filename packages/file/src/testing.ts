import type { CreateFile } from "./file/file.schema.ts"

let made = 0

/** A valid file, with a handle that no other has. */
export const aFile = (overrides: Partial<CreateFile> = {}): CreateFile => ({
  name: "First",
  handle: `first-${++made}`,
  ...overrides,
})
