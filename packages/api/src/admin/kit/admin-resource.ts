import {
  getRoute,
  listRoute,
  rowAnswer,
  type HandlerContext,
  type RawJson,
  type RequestInfo,
  type ResourceReads,
  type RowAnswer,
} from "@marquetry/http"
import type { AnySelection, ResourceRegistry } from "@marquetry/kernel"
import { isAllowed } from "@marquetry/rbac"
import { beyond, without, type Beyond } from "./beyond.ts"
import type { Row } from "./recorded.ts"
import type { Staff } from "./staff.guard.ts"

/** How merchants see a resource: what is read of it, and what a change of it is. */
export interface AdminReads extends Omit<ResourceReads<Staff>, "hidden" | "only"> {
  /** Fields beside the default set that make a version of a row, and that the audit log looks at. */
  readonly snapshot?: string
  /** What an answer to its deletion calls it; the name of the resource unless said. */
  readonly object?: string
  /** What permissions call it; the name of the resource unless said. */
  readonly permission?: string
  /** Takes locks that come before those of its rows, in each transaction that is about to hold some. */
  readonly first?: (context: Pick<RequestInfo, "resolve">) => Promise<unknown>
  /** Adds what `extra` asks for to what a read answers. */
  readonly complete?: (answer: RawJson, context: Reading) => Promise<RawJson>
}

type Reading = Pick<HandlerContext<Staff, undefined, undefined, undefined>, "identity" | "resolve"> & {
  readonly query: unknown
}

type Read = "list" | "one" | "answer"
type Reader = {
  readonly list: ReturnType<typeof listRoute<Staff>>
  readonly one: ReturnType<typeof getRoute<Staff>>
  readonly answer: RowAnswer<Staff>
}

const MAX_READERS = 100

/**
 * Which permission reading a resource takes, by the resources that routes show; and of those which none does: links lead to
 * carts, with the addresses of buyers who have not ordered, and to what payment providers keep of customers.
 */
const permissions = new Map([
  ["cart", "cart"],
  ["account_holder", "payment"],
])

/** A resource of the Admin API. Everything that links lead to can be selected, by those who may read that too. */
export class AdminResource {
  readonly reads: AdminReads
  readonly object: string
  readonly permission: string
  /** A row as versions and the audit log look at it. */
  readonly snapshot: RowAnswer<Staff>
  /** Whether that is the default set. */
  readonly isPlain: boolean
  readonly #readers = new Map<string, Reader>()
  readonly #beyond = new WeakMap<ResourceRegistry, Beyond>()

  constructor(reads: AdminReads) {
    this.reads = { maxDepth: 5, ...reads }
    this.object = reads.object ?? reads.resource
    this.permission = reads.permission ?? reads.resource
    this.isPlain = reads.snapshot === undefined
    this.snapshot = rowAnswer({ ...this.reads, defaults: [reads.defaults, reads.snapshot ?? []].flat().join(", ") })
    permissions.set(reads.resource, this.permission)
  }

  /** What the default set shows of a row that was read as versions look at it. */
  shown(row: Row, registry: ResourceRegistry): Row {
    if (this.isPlain) return row
    let more = this.#beyond.get(registry)
    if (more === undefined) {
      const fieldsOf = ({ response }: RowAnswer<Staff>): AnySelection => response.fields(registry)
      more = beyond(fieldsOf(this.whole.answer), fieldsOf(this.snapshot))
      this.#beyond.set(registry, more)
    }
    return without(row, more) as Row
  }

  /** For documents, and for those who may read everything. */
  get whole(): Reader {
    return this.#reader("", new Set())
  }

  /** What somebody may read: what they may not is not there, but for what the default set shows. */
  of<Kind extends Read>(kind: Kind, staff: Pick<Staff, "permissions">, registry: ResourceRegistry): Reader[Kind] {
    if (staff.permissions.includes("*:*")) return this.whole[kind]
    const key = staff.permissions.join(" ")
    return (this.#readers.get(key) ?? this.#reader(key, this.#hiddenFrom(staff, registry)))[kind]
  }

  #reader(key: string, hidden: ReadonlySet<string>): Reader {
    const known = this.#readers.get(key)
    if (known !== undefined) return known
    const reads = { ...this.reads, hidden }
    const { complete = (answer: RawJson) => Promise.resolve(answer) } = this.reads
    const [list, one] = [listRoute(reads), getRoute(reads)]
    const reader: Reader = {
      list: { ...list, handle: async (context) => complete(await list.handle(context), context) },
      one: { ...one, handle: async (context) => complete(await one.handle(context), context) },
      // Only reads take further parameters.
      answer: rowAnswer({ ...reads, extra: {} }),
    }
    if (this.#readers.size >= MAX_READERS) this.#readers.clear()
    this.#readers.set(key, reader)
    return reader
  }

  #hiddenFrom(staff: Pick<Staff, "permissions">, registry: ResourceRegistry): ReadonlySet<string> {
    const shown = new Set([this.reads.resource])
    collect(this.whole.answer.response.fields(registry), this.reads.resource, registry, shown)
    const forbidden = [...permissions].filter(([, permission]) => !isAllowed(staff.permissions, `${permission}:read`))
    return new Set(forbidden.map(([resource]) => resource).filter((resource) => !shown.has(resource)))
  }
}

/** The resources that a selection shows. */
function collect(selection: object, resource: string, registry: ResourceRegistry, shown: Set<string>): void {
  const { relations } = registry.resource(resource)
  for (const [name, inner] of Object.entries(selection)) {
    const target = relations.get(name)?.target
    if (target === undefined) continue
    shown.add(target)
    if (typeof inner === "object" && inner !== null) collect(inner as object, target, registry, shown)
  }
}
