import { adminRoutes } from "../kit/admin-routes.ts"
import { variants } from "../products/product-resource.ts"

/** Variants of all products; those of one are below it. */
export const productVariantRoutes = adminRoutes("/admin/product-variants", variants, (verbs) => verbs.list())
