import type { Route } from "@marquetry/http"
import type { InjectionToken } from "@marquetry/kernel"

/** Names the routes of all plugins of a backend in its container: for who says what there is, such as its permissions. */
export const pluginRoutes: InjectionToken<readonly Route[]> = Symbol("plugin routes")
