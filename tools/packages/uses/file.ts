import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { localFiles, startFile, TooLarge, type FileProvider, type FileView } from "@marquetry/file"

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "files-"))
  const secret = "a secret that everybody may know"
  const disk: FileProvider = localFiles({ directory, baseUrl: "https://shop.example/static", secret })
  const { files, migrate, close } = await startFile({
    database: process.env["DATABASE_URL"],
    providers: [disk],
    maxSize: 10,
  })
  await migrate()
  const made: FileView = await files.upload({ filename: "../a.txt", content: Readable.from([Buffer.from("veneer")]) })
  const { content } = await files.read(made.id)
  const read = await text(content)
  const refusal: unknown = await files.upload({ filename: "b", content: Buffer.alloc(11) }).catch((e) => e)
  await files.delete(made.id)
  await close()
  rmSync(directory, { recursive: true })
  if (made.filename !== "a.txt" || read !== "veneer" || !(refusal instanceof TooLarge)) throw new Error(read)
  console.log("ok")
}

void main()
