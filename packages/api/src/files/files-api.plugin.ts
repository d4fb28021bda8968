import { FileService } from "@marquetry/file"
import { definePlugin, type Plugin } from "@marquetry/framework"
import { noBody, routes, StreamedContent, type Route } from "@marquetry/http"
import { z } from "zod"

/** Where files are, and who may send and fetch them by scripts. */
export interface FilesApiOptions {
  /** What the `baseUrl` of the provider ends with; `/static` unless said. */
  readonly path?: `/${string}`
  /** Origins that browsers may call from; none unless said. */
  readonly origins?: readonly string[]
}

/**
 * Answers for files that the shop keeps itself, such as those of `localFiles`: gives public ones to anybody, and others to who
 * has a signed URL; takes what is sent to a signed URL. A shop whose files are elsewhere leaves it out.
 */
export function filesApi({ path = "/static", origins = [] }: FilesApiOptions = {}): Plugin {
  const [, area = ""] = path.split("/")
  return definePlugin({ name: "@marquetry/api/files", routes: fileRoutes(path), cors: { [area]: origins } })
}

const params = z.object({ access: z.string().max(200), name: z.string().max(300) })

/** Others pass: what is behind a URL may be asked for with anything added to it. */
const query = z.looseObject({
  expires: z.string().optional(),
  size: z.string().optional(),
  filename: z.string().optional(),
  signature: z.string().optional(),
})

const keyOf = ({ access, name }: z.output<typeof params>): string => `${access}/${name}`

const fileRoutes = (path: string): Route[] =>
  routes(path, {}, ({ get, put }) => {
    const read = {
      summary: "Reads a file",
      description: "Of a private one, by a URL that was signed for a while.",
      params,
      query,
    }
    get("/:access/:name", read, async (context) => {
      const request = { key: keyOf(context.params), query: context.query }
      const { content, size, headers } = await context.resolve<FileService>(FileService).serve(request)
      return new StreamedContent(content, size, headers)
    })

    const send = {
      summary: "Takes a file",
      description: "At a URL that was signed for it: once, and of the size that was said.",
      params,
      query,
      stream: true,
      external: true,
    }
    put("/:access/:name", send, async ({ params, query, resolve, stream }) => {
      await resolve<FileService>(FileService).receive({ key: keyOf(params), query, content: stream })
      return noBody
    })
  })
