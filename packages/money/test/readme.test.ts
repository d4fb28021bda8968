import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const folder = fileURLToPath(new URL("..", import.meta.url))

it("prints what the example of the README says", () => {
  const example = /```js\n(.*?)```/s.exec(readFileSync(`${folder}/README.md`, "utf8"))?.[1] ?? ""
  const promised = [...example.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text)

  const flags = ["--conditions=@marquetry/source", "--input-type=module", "--eval", example]
  const printed = execFileSync(process.execPath, flags, { cwd: folder, encoding: "utf8" })

  expect(printed.trimEnd().replaceAll("\u00A0", " ").split("\n")).toEqual(promised)
  expect(promised).toHaveLength(5)
})
