import { join } from "node:path"
import { parseArgs } from "node:util"
import { generateModule } from "./src/generate.ts"
import { GeneratorRefusal } from "./src/names.ts"

const USAGE = `npm run generate -- module <name> [--prefix <id prefix>] [--plural <plural>]

  module gift-card                     packages/gift-card: @marquetry/gift-card, tables in schema gift_card
  module gift-card --prefix gift       ids are gift_01J…; gcard_ unless said
  module staff-member --plural staff-people`

/** @returns what to say, and whether it is good news. */
async function main(args: readonly string[]): Promise<string> {
  const options = { prefix: { type: "string" }, plural: { type: "string" } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  const [kind, name, ...more] = positionals
  if (kind !== "module" || name === undefined || more.length > 0) throw new GeneratorRefusal(USAGE)
  const made = await generateModule(join(import.meta.dirname, "../.."), { name, ...values }, new Date())
  return [
    `Made ${made.folder}: ${made.files.length} files.`,
    "Next:",
    "  npm install                          links it into the workspace",
    `  npx vitest run --project ${name}     its tests pass already; change them with it`,
    "  edit its README.md                   what it owns, and what others are told",
  ].join("\n")
}

try {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`)
} catch (error) {
  const expected =
    error instanceof GeneratorRefusal || String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS")
  process.stderr.write(`${expected ? (error as Error).message : String((error as Error).stack)}\n`)
  process.exitCode = 1
}
