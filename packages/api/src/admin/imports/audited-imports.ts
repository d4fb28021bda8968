import type { WatchImports } from "@marquetry/bulk"
import type { DependencyContainer, InjectionToken } from "@marquetry/kernel"
import { doneOf, record, snapshotsOf, snapshotsOfWritten, type Asking } from "../kit/recorded.ts"
import { products } from "../products/product-resource.ts"

/**
 * Has the audit log tell what an import makes and changes, in the transaction of each batch, in the name of whoever asked
 * for it. The operation stands for the request.
 */
export const auditedImports: WatchImports = (container, operation) => async (productIds) => {
  const context = askingOf(container, operation)
  const before = await snapshotsOf(context, products, productIds)
  return async ({ created, updated }) => {
    const after = await snapshotsOfWritten(context, products, { created, updated })
    const done = (action: string) => (id: string) => doneOf({ action, resource: products, id }, before, after)
    await record(context, [...created.map(done("created")), ...updated.map(done("updated"))])
  }
}

/** Whoever asked for it may import products: what an import writes is not held to what else they may read. */
function askingOf(container: DependencyContainer, { id, requestedBy }: Parameters<WatchImports>[1]): Asking {
  const actorId = requestedBy ?? "unknown"
  const actorType = actorId.startsWith("user_") ? "user" : "api_key"
  return {
    id,
    identity: { actorType, actorId, permissions: ["*:*"], claims: null },
    resolve: <T>(token: InjectionToken<T>) => container.resolve(token),
    header: () => undefined,
    setHeader: () => {},
    query: {},
  }
}
