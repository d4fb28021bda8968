import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const folder = fileURLToPath(new URL("..", import.meta.url))

const examples = [...readFileSync(`${folder}/README.md`, "utf8").matchAll(/```js\n(.*?)```/gs)].map(
  ([, text]) => text ?? "",
)

it("has an example of amounts and one of totals", () => {
  expect(examples).toHaveLength(2)
})

it.each(examples)("prints what this example of the README says: %j", (example) => {
  const promised = [...example.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text)

  const flags = ["--conditions=@marquetry/source", "--input-type=module", "--eval", example]
  const printed = execFileSync(process.execPath, flags, { cwd: folder, encoding: "utf8" })

  expect(printed.trimEnd().replaceAll("\u00A0", " ").split("\n")).toEqual(promised)
  expect(promised.length).toBeGreaterThan(2)
})
