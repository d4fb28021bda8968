import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { keptPromises, node, outcomeOf, promisedBy, sources, typeFaults, workspace } from "./examples.ts"

const packages = readdirSync(join(workspace, "packages")).filter((name) =>
  existsSync(join(workspace, "packages", name, "package.json")),
)
const folders = [".", ...packages.map((name) => `packages/${name}`)]

/** The first block of TypeScript or JavaScript; the others may be fragments. */
function exampleOf(folder: string): string {
  const file = join(workspace, folder, "README.md")
  if (!existsSync(file)) return ""
  return /^```(?:ts|js)\n(.*?)^```/ms.exec(readFileSync(file, "utf8"))?.[1] ?? ""
}

describe.concurrent.each(folders)("the README of %s", (folder) => {
  const example = exampleOf(folder)

  it("begins with an example that runs to its end and prints what it says", { timeout: 90_000 }, async () => {
    expect(example, "there is no README.md with an example").not.toBe("")

    const ended = await node([...sources, "--input-type=module-typescript", "--eval", example], join(workspace, folder))

    const promised = promisedBy(example)
    expect(outcomeOf(ended, keptPromises(ended, promised))).toEqual({ fault: "", printed: promised })
  })
})

it("shows examples that are free of type errors", { timeout: 90_000 }, async () => {
  const files = Object.fromEntries(folders.map((folder) => [`${folder.replaceAll(/\W/g, "-")}.ts`, exampleOf(folder)]))

  expect(await typeFaults(files)).toBe("")
})
