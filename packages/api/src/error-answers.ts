import type { ErrorAnswer, ErrorAnswers } from "@marquetry/http"

const unauthorized = { status: 401, type: "unauthorized" } as const
const notAllowed = { status: 400, type: "not_allowed" } as const
const invalid = { status: 400, type: "invalid_data" } as const
const duplicate = { status: 422, type: "duplicate_error", code: "invalid_request_error" } as const
const outOfStock = { ...notAllowed, code: "insufficient_inventory" } as const
const held = { status: 409, type: "conflict", code: "invalid_state_error" } as const

const all = (codes: readonly string[], answer: ErrorAnswer): ErrorAnswers =>
  Object.fromEntries(codes.map((code) => [code, answer]))

/** How refusals of the auth module are answered. */
export const authErrorAnswers: ErrorAnswers = {
  ...all(
    [
      "auth.claims_outdated",
      "auth.credentials_invalid",
      "auth.identity_exists",
      "auth.reset_token_invalid",
      "auth.unknown_provider",
    ],
    unauthorized,
  ),
  "auth.too_many_attempts": { status: 429, type: "not_allowed" },
}

/** How refusals of all other modules and of the flows are answered, where their kind does not say it. */
export const commerceErrorAnswers: ErrorAnswers = {
  ...all(
    [
      "api_key.not_revoked",
      "bulk.not_awaiting_confirmation",
      "customer.email_of_account",
      "file.not_uploaded",
      "fulfillment.profile_in_use",
      "fulfillment.state_refused",
      "fulfillment.type_in_use",
      "inventory.item_in_use",
      "inventory.level_in_use",
      "inventory.stock_out_of_bounds",
      "order.already_owned",
      "order.fulfilled",
      "order.no_transfer_requested",
      "order.transfer_token_invalid",
      "order.wrong_status",
      "payment.already_authorized",
      "payment.canceled",
      "payment.collection_in_use",
      "product.category_cycle",
      "product.category_not_empty",
      "product.option_exclusive",
      "product.option_in_use",
      "rbac.last_role",
      "rbac.policy_fixed",
      "rbac.role_in_use",
      "store.publishable_key_invalid",
      "user.invite_pending",
      "user.invite_used",
      "user.last_administrator",
      "user.no_password",
      "user.own_account",
    ],
    notAllowed,
  ),
  "user.invite_invalid": unauthorized,
  // What Medusa's clients are told of handles and SKUs; other duplicates are answered as such.
  ...all(["inventory.sku_taken", "product.handle_taken", "product.sku_taken"], invalid),
  "cart.insufficient_inventory": outOfStock,
  "inventory.insufficient": outOfStock,
  "checkout.under_way": held,
  "payment.authorization_under_way": held,
  "payment.declined": { status: 422, type: "payment_authorization_error" },
  ...all(
    [
      "customer.email_taken",
      "customer.group_name_taken",
      "fulfillment.profile_name_taken",
      "fulfillment.set_name_taken",
      "inventory.level_taken",
      "inventory.variant_item_taken",
      "order.return_reason_taken",
      "payment.refund_reason_code_taken",
      "pricing.preference_taken",
      "pricing.price_taken",
      "product.barcode_taken",
      "product.choice_taken",
      "product.ean_taken",
      "product.option_title_taken",
      "product.option_value_taken",
      "product.tag_taken",
      "product.type_taken",
      "product.upc_taken",
      "promotion.campaign_identifier_taken",
      "promotion.code_taken",
      "rbac.role_name_taken",
      "tax.default_rate_taken",
      "tax.region_taken",
      "tax.rule_taken",
      "user.email_taken",
    ],
    duplicate,
  ),
}
