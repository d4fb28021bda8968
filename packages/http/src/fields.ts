import type { AnySelection, ResourceRegistry } from "@marquetry/kernel"
import { InvalidRequest } from "./errors.ts"

/** What a route lets its callers choose by `fields`. */
export interface FieldRules {
  readonly resource: string
  /** The default set, in the notation of `fields`: `id, title, *variants, variants.options.id`. */
  readonly defaults: readonly string[]
  /** Relations deep that a choice may go: 400 beyond. */
  readonly maxDepth: number
  /** Resources that these callers may not see; what leads there is dropped, like a field that there is not. */
  readonly hidden?: ReadonlySet<string>
}

/** A tree of chosen fields. `"*"` is all columns. */
interface Tree {
  [name: string]: true | Tree
}

const MAX_ITEMS = 300
const CACHED = 500

/**
 * Reads `fields` against the resources of a composition. What was read is kept per text, since storefronts ask for
 * the same fields again and again.
 */
export class FieldReader {
  readonly #registry: ResourceRegistry
  readonly #rules: FieldRules
  readonly #cache = new Map<string, AnySelection>()
  readonly #defaults: readonly string[][]

  constructor(registry: ResourceRegistry, rules: FieldRules) {
    this.#registry = registry
    this.#rules = rules
    this.#defaults = rules.defaults.map((item) => pathOf(item))
  }

  /** @throws {InvalidRequest} when the choice goes deeper than the route allows. */
  read(fields: string | undefined): AnySelection {
    const text = fields ?? ""
    let selection = this.#cache.get(text)
    if (selection === undefined) {
      selection = this.#parse(text)
      if (this.#cache.size >= CACHED) this.#cache.delete(this.#cache.keys().next().value as string)
      this.#cache.set(text, selection)
    }
    return selection
  }

  #parse(text: string): AnySelection {
    const items = text
      .split(",")
      // An unescaped `+` arrives as a blank, and so does a blank behind a comma: both add to the defaults.
      .map((item) => (/^\s+[^\s+\-*]/.test(item) ? `+${item.trim()}` : item.trim()))
      .filter((item) => item !== "")
    if (items.length > MAX_ITEMS) throw new InvalidRequest([`'fields' names ${MAX_ITEMS} fields at most`])
    const replaces = items.some((item) => !/^[+\-*]/.test(item) && !item.endsWith(".*"))
    const tree: Tree = {}
    if (!replaces) for (const path of this.#defaults) this.#add(tree, path)
    for (const item of items.filter((candidate) => !candidate.startsWith("-"))) this.#add(tree, pathOf(item))
    for (const item of items.filter((candidate) => candidate.startsWith("-"))) remove(tree, pathOf(item))
    this.#add(tree, [this.#registry.resource(this.#rules.resource).key])
    return tree
  }

  /** Adds a path as far as it leads somewhere; the last step of a relation means all its columns. */
  #add(tree: Tree, path: readonly string[]): void {
    let level = tree
    let resource = this.#registry.resource(this.#rules.resource)
    if (path.length - 1 > this.#rules.maxDepth + 1) throw tooDeep(this.#rules.maxDepth)
    for (const [index, step] of path.entries()) {
      const last = index === path.length - 1
      const relation = resource.relations.get(step)
      if (relation === undefined) {
        const known =
          step === "*" || resource.fields.has(step) || this.#registry.computed(resource.name, step) !== undefined
        if (known && (last || !resource.fields.has(step))) level[step] = true
        return
      }
      if (this.#rules.hidden?.has(relation.target) === true) return
      if (index >= this.#rules.maxDepth) throw tooDeep(this.#rules.maxDepth)
      const before = level[step]
      const inner: Tree = typeof before === "object" ? before : before === true ? { "*": true } : {}
      level[step] = inner
      level = inner
      resource = this.#registry.resource(relation.target)
      if (last) inner["*"] = true
    }
  }
}

function remove(tree: Tree, path: readonly string[]): void {
  const [step, ...rest] = path as [string, ...string[]]
  const inner = tree[step]
  if (rest.length === 0) delete tree[step]
  else if (typeof inner === "object") remove(inner, rest)
}

function pathOf(item: string): string[] {
  const bare = item.trim().replace(/^[+\-*]+/, "")
  return bare.split(".").map((step) => step.trim())
}

const tooDeep = (depth: number) => new InvalidRequest([`'fields' expands ${depth} relations deep at most`])
