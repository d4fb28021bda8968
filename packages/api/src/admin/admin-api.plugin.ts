import { auditModule } from "@marquetry/audit"
import { bulkJobs, bulkModule } from "@marquetry/bulk"
import { definePlugin, type Plugin } from "@marquetry/framework"
import { inventoryItemTotals } from "@marquetry/inventory"
import { rbacModule } from "@marquetry/rbac"
import { commerce } from "../commerce.plugin.ts"
import { apiKeyRoutes, apiKeys } from "./api-keys/api-keys.routes.ts"
import { auditLogRoutes } from "./audit-log/audit-log.routes.ts"
import { bulkOperationFile } from "./bulk-operations/bulk-operations.ts"
import { bulkOperationRoutes } from "./bulk-operations/bulk-operations.routes.ts"
import { campaignRoutes } from "./campaigns/campaigns.routes.ts"
import { collectionRoutes } from "./collections/collections.routes.ts"
import { customerGroupRoutes } from "./customer-groups/customer-groups.routes.ts"
import { customerRoutes } from "./customers/customers.routes.ts"
import { exportRoutes } from "./exports/exports.routes.ts"
import { auditedImports } from "./imports/audited-imports.ts"
import { importRoutes } from "./imports/imports.routes.ts"
import { fulfillmentRoutes } from "./fulfillments/fulfillments.routes.ts"
import { inventoryItemRoutes } from "./inventory-items/inventory-items.routes.ts"
import { sendInvites } from "./invites/invite-mail.ts"
import { inviteRoutes } from "./invites/invites.routes.ts"
import { notificationRoutes } from "./notifications/notifications.routes.ts"
import { orderChangeRoutes } from "./order-changes/order-changes.routes.ts"
import { orderRoutes } from "./orders/orders.routes.ts"
import { sendTransfers } from "./orders/order-transfers.routes.ts"
import { paymentCollectionRoutes } from "./payment-collections/payment-collections.routes.ts"
import { paymentRoutes } from "./payments/payments.routes.ts"
import { priceListRoutes } from "./price-lists/price-lists.routes.ts"
import { pricePreferenceRoutes } from "./price-preferences/price-preferences.routes.ts"
import { productCategoryRoutes } from "./product-categories/product-categories.routes.ts"
import { productOptionRoutes } from "./product-options/product-options.routes.ts"
import { productTagRoutes } from "./product-tags/product-tags.routes.ts"
import { productTypeRoutes } from "./product-types/product-types.routes.ts"
import { productVariantRoutes } from "./product-variants/product-variants.routes.ts"
import { productRoutes } from "./products/products.routes.ts"
import { promotionRuleRoutes } from "./promotions/promotion-rules.routes.ts"
import { promotionRoutes } from "./promotions/promotions.routes.ts"
import { actorRoleRoutes } from "./rbac/actor-roles.routes.ts"
import { permissionRoutes, policyRoutes } from "./rbac/policies.routes.ts"
import { rolePolicyRoutes, roleRoutes, roleUserRoutes } from "./rbac/roles.routes.ts"
import { refundReasonRoutes } from "./reasons/refund-reasons.routes.ts"
import { returnReasonRoutes } from "./reasons/return-reasons.routes.ts"
import { regionRoutes } from "./regions/regions.routes.ts"
import { reservationRoutes } from "./reservations/reservations.routes.ts"
import { salesChannelRoutes } from "./sales-channels/sales-channels.routes.ts"
import { shippingRoutes } from "./shipping/shipping.routes.ts"
import { stockLocationRoutes } from "./stock-locations/stock-locations.routes.ts"
import { storeCurrency, storeRoutes } from "./stores/stores.routes.ts"
import { taxRoutes } from "./taxes/taxes.routes.ts"
import { roleAssignmentLinks } from "./users/administrators.ts"
import { uploadRoutes } from "./uploads/uploads.routes.ts"
import { ensureFirstUser, userCommand } from "./users/first-user.ts"
import { userRoutes, users } from "./users/users.routes.ts"

export interface AdminApiOptions {
  /**
   * Who is made a user when a backend starts, where there is none and both are given. The password is also that of
   * `user:create` where the command is given none.
   */
  readonly firstUser?: { readonly email?: string | undefined; readonly password?: string | undefined }
}

/** By area: set-up, catalogue, files, stock, people, orders, promotions. */
const routes = [
  ...salesChannelRoutes,
  ...apiKeyRoutes,
  ...storeRoutes,
  ...regionRoutes,
  ...pricePreferenceRoutes,
  ...taxRoutes,
  ...stockLocationRoutes,
  ...shippingRoutes,
  ...returnReasonRoutes,
  ...refundReasonRoutes,
  ...productRoutes,
  ...productVariantRoutes,
  ...priceListRoutes,
  ...collectionRoutes,
  ...productCategoryRoutes,
  ...productOptionRoutes,
  ...productTagRoutes,
  ...productTypeRoutes,
  ...importRoutes,
  ...exportRoutes,
  ...bulkOperationRoutes,
  ...uploadRoutes,
  ...inventoryItemRoutes,
  ...reservationRoutes,
  ...userRoutes,
  ...inviteRoutes,
  ...roleRoutes,
  ...rolePolicyRoutes,
  ...roleUserRoutes,
  ...policyRoutes,
  ...permissionRoutes,
  ...actorRoleRoutes("/admin/users", users),
  ...actorRoleRoutes("/admin/api-keys", apiKeys),
  ...customerRoutes,
  ...customerGroupRoutes,
  ...orderRoutes,
  ...orderChangeRoutes,
  ...fulfillmentRoutes,
  ...paymentRoutes,
  ...paymentCollectionRoutes,
  ...auditLogRoutes,
  ...notificationRoutes,
  ...promotionRoutes,
  ...promotionRuleRoutes,
  ...campaignRoutes,
]

/** The Admin API: what a merchant does, from setting a shop up to refunding an order. Needs `authApi` to log in by. */
export function adminApi({ firstUser: { email, password } = {} }: AdminApiOptions = {}): Plugin {
  return definePlugin({
    name: "@marquetry/api/admin",
    needs: [commerce],
    modules: [rbacModule, auditModule, bulkModule({ watchImports: auditedImports })],
    links: [storeCurrency, bulkOperationFile, ...roleAssignmentLinks],
    computed: inventoryItemTotals,
    subscribers: [...sendInvites, sendTransfers],
    commands: [userCommand(password)],
    check: async ({ container }) => {
      if (email !== undefined && password !== undefined) await ensureFirstUser(container, { email, password })
    },
    jobs: bulkJobs,
    routes,
  })
}
