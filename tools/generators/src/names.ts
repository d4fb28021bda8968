/** What was asked for cannot be made. The message says why; nothing was written. */
export class GeneratorRefusal extends Error {}

export interface ModuleRequest {
  /** Words joined by hyphens: `gift-card`. */
  readonly name: string
  /** Of ids; derived from the name unless said. */
  readonly prefix?: string
  /** Words joined by hyphens; derived from the name unless said. */
  readonly plural?: string
}

/** A name in every spelling that the templates ask for. */
export type Names = Readonly<Record<NameKey, string>>
type NameKey =
  | "kebab"
  | "snake"
  | "camel"
  | "Pascal"
  | "camels"
  | "Pascals"
  | "kebabs"
  | "words"
  | "Words"
  | "wordsPlural"
  | "WordsPlural"
  | "a"
  | "prefix"

const NAME = /^[a-z]{2,}(-[a-z]{2,})*$/
const LONGEST = 40
const PREFIX = /^[a-z][a-z0-9]{1,11}$/

/** Schemas that are not a module's to have. */
const SCHEMAS = new Set(["marquetry", "link", "public", "information-schema"])
/** Names that the module's own files mean something else by. */
const MEANT = new Set(
  [
    "database events query filter page records selected started start-options list-options not-found migration",
    "module-error handle-taken array date error object partial promise set string",
  ].flatMap((line) => line.split(" ")),
)

/**
 * @throws {GeneratorRefusal} when the name cannot be that of a package, a class and a schema at once.
 */
export function namesOf({ name, prefix = prefixOf(name), plural = pluralOf(name) }: ModuleRequest): Names {
  for (const [what, text] of [
    ["name", name],
    ["plural", plural],
  ] as const) {
    if (!NAME.test(text) || text.length > LONGEST) {
      throw new GeneratorRefusal(
        `"${text}" cannot be a module's ${what}: words of two or more lower-case letters joined by hyphens, such as gift-card, at most ${LONGEST} characters`,
      )
    }
  }
  if (SCHEMAS.has(name) || name.startsWith("pg-")) {
    throw new GeneratorRefusal(`"${name}" cannot be a module's name: the schema of that name is not a module's to have`)
  }
  if (MEANT.has(name) || MEANT.has(plural)) {
    throw new GeneratorRefusal(`"${name}" cannot be a module's name: its files mean something else by it`)
  }
  if (plural === name) throw new GeneratorRefusal(`The plural of "${name}" must be another word: say one with --plural`)
  if (!PREFIX.test(prefix)) {
    throw new GeneratorRefusal(`"${prefix}" cannot be an id prefix: 2 to 12 lower-case letters and digits`)
  }
  return spell(name, plural, prefix)
}

function spell(name: string, plural: string, prefix: string): Names {
  const [words, wordsPlural] = [name, plural].map((text) => text.replaceAll("-", " ")) as [string, string]
  return {
    kebab: name,
    kebabs: plural,
    snake: name.replaceAll("-", "_"),
    camel: camel(name),
    Pascal: capital(camel(name)),
    camels: camel(plural),
    Pascals: capital(camel(plural)),
    words,
    Words: capital(words),
    wordsPlural,
    WordsPlural: capital(wordsPlural),
    a: /^[aeiou]/.test(name) ? "an" : "a",
    prefix,
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const camel = (name: string) => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** `gift-card` is `gcard`, `region` is `regi`. */
function prefixOf(name: string): string {
  const words = name.split("-")
  const last = words.pop() ?? ""
  return words.map((word) => word.charAt(0)).join("") + last.slice(0, 4)
}

function pluralOf(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`
}
