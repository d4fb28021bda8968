import { createHash } from "node:crypto"
import { mkdir, realpath, rm } from "node:fs/promises"
import { connect, createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ConfigurationInvalid } from "./environment.ts"

/**
 * Takes the directory of an embedded database for this process: two processes on one would ruin it.
 *
 * A socket that this process listens on is the sign. Unlike a file with a process id, it cannot outlive the process in
 * a way that others would believe.
 *
 * @returns a function that gives the directory back.
 * @throws {ConfigurationInvalid} while another process has it.
 */
export async function holdDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true })
  const path = socketPath(await realpath(directory))
  const server = (await listen(path)) ?? (process.platform === "darwin" ? await takeOver(path) : undefined)
  if (server === undefined) {
    throw new ConfigurationInvalid([
      `DATA_DIR: "${directory}" is used by another process; stop it, choose another directory, or set DATABASE_URL`,
    ])
  }
  server.unref()
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/**
 * Paths of sockets may be 107 bytes long at most, those of directories longer. Where the system has names for sockets
 * that are no files, nothing is left behind that would have to be taken over.
 */
function socketPath(directory: string): string {
  const name = `marquetry-${createHash("sha256").update(directory).digest("hex").slice(0, 32)}`
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`
  return process.platform === "linux" ? `\0${name}` : join(tmpdir(), `${name}.sock`)
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined)
      else reject(error)
    })
    server.listen(path, () => resolve(server))
  })
}

/** A socket that nobody answers was left behind by a process that was killed. */
async function takeOver(path: string): Promise<Server | undefined> {
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(path)
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
  if (answered) return undefined
  await rm(path, { force: true })
  return listen(path)
}
