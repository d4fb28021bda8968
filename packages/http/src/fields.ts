import type { AnySelection, ResourceInfo, ResourceRegistry } from "@marquetry/kernel"
import { InvalidRequest } from "./errors.ts"

/** What a route lets its callers choose by `fields`. */
export interface FieldRules {
  readonly resource: string
  /** The default set, in the notation of `fields`: `id, title, *variants, variants.options.id`. */
  readonly defaults: readonly string[]
  /** Relations deep that a choice may go: 400 beyond. */
  readonly maxDepth: number
  /**
   * Resources that these callers may not see, and computed fields, as `product_variant.prices`; what leads there is
   * dropped, like a field that there is not.
   */
  readonly hidden?: ReadonlySet<string>
  /** Of these resources callers see these fields and relations, by the names of the wire, and no others. */
  readonly only?: Readonly<Record<string, ReadonlySet<string>>>
}

/** A tree of chosen fields. `"*"` is all columns. Without a prototype: names come from outside. */
interface Tree {
  [name: string]: true | Tree
}

const newTree = (): Tree => Object.create(null) as Tree

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
    const tree = newTree()
    if (!replaces) for (const path of this.#defaults) this.#add(tree, path)
    for (const item of items.filter((candidate) => !candidate.startsWith("-"))) this.#add(tree, pathOf(item))
    for (const item of items.filter((candidate) => candidate.startsWith("-"))) this.#remove(tree, pathOf(item))
    this.#add(tree, [this.#registry.resource(this.#rules.resource).key])
    return tree
  }

  /** Adds what a path leads to, if it leads anywhere; all columns, where that is a relation. */
  #add(tree: Tree, path: readonly string[]): void {
    let resource = this.#registry.resource(this.#rules.resource)
    const relations: string[] = []
    for (const [index, step] of path.entries()) {
      const only = this.#rules.only?.[resource.name]
      if (step !== "*" && only?.has(step) === false) return
      const relation = relationOf(resource, step)
      if (relation === undefined) {
        const isLast = index === path.length - 1
        if (step === "*" && isLast) this.#addAll(levelAt(tree, relations), resource)
        else if ((isLast && isField(resource, step)) || this.#isComputed(resource, step))
          levelAt(tree, relations)[step] = true
        return
      }
      if (this.#rules.hidden?.has(relation.target) === true) return
      if (index >= this.#rules.maxDepth) throw tooDeep(this.#rules.maxDepth)
      relations.push(step)
      resource = this.#registry.resource(relation.target)
    }
    this.#addAll(levelAt(tree, relations), resource)
  }

  #isComputed({ name }: ResourceInfo, step: string): boolean {
    return this.#rules.hidden?.has(`${name}.${step}`) !== true && this.#registry.computed(name, step) !== undefined
  }

  /** Adds all columns that are shown. */
  #addAll(level: Tree, { name, fields }: ResourceInfo): void {
    const only = this.#rules.only?.[name]
    if (only === undefined) level["*"] = true
    else for (const { column } of fields.values()) if (only.has(column)) level[column] = true
  }

  /** Takes away what a path names, with everything beneath it. */
  #remove(tree: Tree, path: readonly string[]): void {
    let level = tree
    let resource = this.#registry.resource(this.#rules.resource)
    for (const step of path.slice(0, -1)) {
      const inner = level[step]
      const relation = relationOf(resource, step)
      if (typeof inner !== "object" || relation === undefined) return
      level = inner
      resource = this.#registry.resource(relation.target)
    }
    const last = path.at(-1) as string
    if (level["*"] === true && isField(resource, last)) {
      delete level["*"]
      for (const { column } of resource.fields.values()) level[column] = true
    }
    delete level[last]
  }
}

/** The tree below a way of relations, made as far as it is not there. */
function levelAt(tree: Tree, relations: readonly string[]): Tree {
  let level = tree
  for (const step of relations) {
    const before = level[step]
    const inner = typeof before === "object" ? before : newTree()
    level[step] = inner
    level = inner
  }
  return level
}

/** Names are those of the wire: what TypeScript calls a field is none of a request's business. */
const isField = ({ fields }: ResourceInfo, name: string) => fields.get(name)?.column === name

const relationOf = ({ relations }: ResourceInfo, name: string) => {
  const relation = relations.get(name)
  return relation?.wire === name ? relation : undefined
}

function pathOf(item: string): string[] {
  const bare = item.trim().replace(/^[+\-*]+/, "")
  // A star alone stands for all columns of the row itself.
  return (bare === "" && item.includes("*") ? "*" : bare).split(".").map((step) => step.trim())
}

const tooDeep = (depth: number) => new InvalidRequest([`'fields' expands ${depth} relations deep at most`])
