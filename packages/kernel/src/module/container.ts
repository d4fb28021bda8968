// tsyringe asks for it as it loads; nothing here is decorated.
import "reflect-metadata"

export { container as rootContainer, instanceCachingFactory } from "tsyringe"
export type { DependencyContainer, InjectionToken } from "tsyringe"
