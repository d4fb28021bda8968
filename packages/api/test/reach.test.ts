import { ResourceRegistry } from "@marquetry/kernel"
import type { FieldRules } from "@marquetry/http"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { cartAnswer } from "../src/store/carts/cart-reads.ts"
import { orderAnswer } from "../src/store/orders/order-reads.ts"
import { collectionAnswer, providerAnswer } from "../src/store/payment/payment.routes.ts"
import { productReads, variantReads } from "../src/store/products.routes.ts"
import { shippingOptionAnswer } from "../src/store/shipping/shipping-options.routes.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.drop())

type Rules = Pick<FieldRules, "resource" | "hidden" | "only"> & { readonly maxDepth?: number }

/** All ways that `fields` can go: where each ends, and how it gets there. */
function waysOf({ resource, maxDepth = 3, hidden, only }: Rules): { readonly target: string; readonly way: string }[] {
  const registry = shop.container.resolve(ResourceRegistry)
  const from = (name: string, way: string, depth: number): { target: string; way: string }[] =>
    [...registry.resource(name).relations.values()]
      .filter(
        ({ wire, target }, index, all) =>
          all.findIndex((other) => other.wire === wire) === index && hidden?.has(target) !== true,
      )
      .filter(({ wire }) => only?.[name]?.has(wire) !== false)
      .flatMap(({ wire, target }) => {
        const here = `${way}${wire}`
        return [{ target, way: here }, ...(depth > 1 ? from(target, `${here}.`, depth - 1) : [])]
      })
  return from(resource, "", maxDepth)
}
const targetsOf = (rules: Rules) => [...new Set(waysOf(rules).map(({ target }) => target))].toSorted()
const words = (text: string) => text.split(/\s+/).filter((word) => word !== "")

/** What may be learned of a product that somebody has bought. */
const goods = `product product_variant product_option product_option_value product_image product_type product_collection
  product_tag product_category variant_inventory_item shipping_profile`
const payments = "payment_session payment capture refund"

/** A link that somebody adds leads further, for shoppers too: whoever adds it decides here, or hides where it leads. */
describe("fields of shoppers lead", () => {
  it.each<[string, Rules, string]>([
    [
      "a cart",
      cartAnswer,
      `cart cart_address cart_line_item cart_line_adjustment cart_line_tax_line cart_shipping_method
      cart_shipping_adjustment cart_shipping_tax_line cart_credit_line customer customer_group promotion application_method
      region country payment_provider payment_collection ${payments} shipping_option service_zone fulfillment_provider
      shipping_option_type shipping_option_rule ${goods}`,
    ],
    [
      "an order",
      orderAnswer,
      `order order_address order_line_item order_line_detail order_line_adjustment order_line_tax_line order_shipping_method
      order_shipping_adjustment order_shipping_tax_line order_credit_line order_transaction customer customer_group promotion
      application_method region country payment_provider payment_collection ${payments} fulfillment fulfillment_address
      fulfillment_item fulfillment_label fulfillment_provider stock_location shipping_option service_zone
      shipping_option_type shipping_option_rule ${goods}`,
    ],
    ["a payment collection", collectionAnswer, `payment_collection refund_reason ${payments}`],
    ["a payment provider", providerAnswer, ""],
    ["a product", productReads, goods],
    ["a variant", variantReads, goods],
    [
      "a shipping option",
      shippingOptionAnswer,
      `service_zone geo_zone fulfillment_set shipping_profile shipping_option_type shipping_option_rule
      fulfillment_provider stock_location stock_location_address`,
    ],
  ])("of %s to this, and no further", (_, rules, targets) => {
    expect(targetsOf(rules)).toEqual(words(targets).toSorted())
  })

  it("to the customer of a cart or an order, and to none of their company", () => {
    const toPeople = (rules: Rules) => waysOf(rules).filter(({ target }) => target === "customer")

    expect(
      toPeople(cartAnswer)
        .map(({ way }) => way)
        .filter((way) => !/(^|\.cart\.)customer$/.test(way)),
    ).toEqual([])
    expect(
      toPeople(orderAnswer)
        .map(({ way }) => way)
        .filter((way) => !/(^|\.order\.)customer$/.test(way)),
    ).toEqual([])
  })

  it("to products by what was put into the cart, and by nothing that they have in common with others", () => {
    for (const rules of [cartAnswer, orderAnswer]) {
      const ways = waysOf(rules).filter(({ target }) => target === "product" || target === "product_variant")

      expect(ways.map(({ way }) => way).toSorted()).toEqual([
        "items.product",
        "items.product.variants",
        "items.variant",
        "items.variant.product",
      ])
    }
  })
})
