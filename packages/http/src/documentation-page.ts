import type { OpenApiDocument } from "./openapi.ts"

type Json = Record<string, unknown>

const escape = (text: unknown): string =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** A page to read an OpenAPI document on: plain HTML, no script, nothing from elsewhere. */
export function documentationPage({ info, paths }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation,
      tag: String((operation["tags"] as string[])[0]),
    })),
  )
  const tags = [...new Set(operations.map(({ tag }) => tag))]
  const contents = tags.map((tag) => `<li><a href="#${anchor(tag)}">${escape(tag)}</a></li>`).join("")
  const sections = tags
    .map((tag) => {
      const inside = operations.filter((operation) => operation.tag === tag).map(operationHtml)
      return `<section id="${anchor(tag)}"><h2>${escape(tag)}</h2>${inside.join("")}</section>`
    })
    .join("")
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(info.title)} API</title><style>${style}</style></head><body>
<header><h1>${escape(info.title)} API <small>${escape(info.version)}</small></h1>
<p>For programs: <a href="/openapi.json">openapi.json</a></p></header>
<nav><ul>${contents}</ul></nav><main>${sections}</main></body></html>`
}

const anchor = (tag: string) => escape(tag.replaceAll(/\W+/g, "-"))

function operationHtml({ path, method, operation }: { path: string; method: string; operation: Json }): string {
  const parameters = (operation["parameters"] as Json[]).map(
    (parameter) =>
      `<tr><td><code>${escape(parameter["name"])}</code>${parameter["required"] === true ? " *" : ""}</td>` +
      `<td>${escape(parameter["in"])}</td><td><code>${escape(typeName(parameter["schema"] as Json))}</code></td></tr>`,
  )
  const responses = Object.entries(operation["responses"] as Record<string, { content?: Content }>)
  const success = responses.find(([status]) => status.startsWith("2"))?.[1]
  const body = operation["requestBody"] as { content: Content } | undefined
  return (
    `<details><summary><b class="${escape(method)}">${escape(method.toUpperCase())}</b> <code>${escape(path)}</code> ` +
    `${escape(operation["summary"])}</summary>` +
    (parameters.length > 0
      ? `<table><tr><th>parameter</th><th>in</th><th>type</th></tr>${parameters.join("")}</table>`
      : "") +
    (body === undefined ? "" : `<h4>Body</h4><pre>${escape(pretty(schemaOf(body.content)))}</pre>`) +
    `<h4>Answer</h4><pre>${escape(pretty(schemaOf(success?.content)))}</pre></details>`
  )
}

/** By the type of the content: JSON, or a form with files. */
type Content = Readonly<Record<string, { readonly schema: unknown }>>

const schemaOf = (content: Content = {}): unknown => Object.values(content)[0]?.schema ?? {}

const pretty = (schema: unknown) => JSON.stringify(schema, null, 2)

function typeName(schema: Json): string {
  if (Array.isArray(schema["anyOf"])) return [...new Set((schema["anyOf"] as Json[]).map(typeName))].join(" | ")
  if (Array.isArray(schema["enum"])) return schema["enum"].join(" | ")
  if (schema["type"] === "array") return `${typeName((schema["items"] ?? {}) as Json)}[]`
  return String(schema["type"] ?? "any")
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
nav ul{columns:3;padding-left:1.2rem}summary{cursor:pointer;padding:.4rem 0}details{border-bottom:1px solid #ddd}
pre{background:#f6f6f4;padding:1rem;overflow:auto;max-height:24rem}table{border-collapse:collapse}td,th{text-align:left;padding:.15rem 1rem .15rem 0}
b{display:inline-block;min-width:4rem}.get{color:#1a6b3c}.post{color:#8a5a00}.delete{color:#a12a2a}small{font-weight:normal;color:#666}`
