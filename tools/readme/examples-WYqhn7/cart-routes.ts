import type { CartService, CartView } from "@marquetry/cart"
import { ModuleError, NotFound } from "@marquetry/kernel"
import { json, Router, type ErrorRequestHandler } from "express"

/** Yours: what is sold, at prices that contain tax. */
const catalogue = new Map([
  ["mug-blue", { title: "Mug, blue", unitPrice: "24.00" }],
  ["plate", { title: "Plate", unitPrice: "9.95" }],
])
const vat = [{ code: "vat", rate: 21, description: "VAT" }]

export function cartRoutes(carts: CartService): Router {
  const router = Router().use(json())

  router.post("/", async (_request, response) => {
    response.status(201).json(shown(await carts.create({ currencyCode: "eur" })))
  })

  router.get("/:id", async ({ params }, response) => {
    response.json(shown(await carts.get(params.id)))
  })

  router.post("/:id/items", async ({ params, body }, response) => {
    const product = catalogue.get(body.sku)
    if (product === undefined) throw new NotFound("Product", String(body.sku))
    const line = { ...product, variantId: body.sku, quantity: body.quantity, isTaxInclusive: true, taxLines: vat }
    response.json(shown(await carts.addItems(params.id, [line])))
  })

  router.delete("/:id/items/:itemId", async ({ params }, response) => {
    response.json(shown(await carts.removeItem(params.id, params.itemId)))
  })

  // One transaction closes the cart, whoever asks and however often: of several requests one gets to write the order.
  router.post("/:id/checkout", async ({ params }, response) => {
    await carts.complete(params.id)
    response.json(shown(await carts.get(params.id)))
  })

  return router.use(refused)
}

const shown = ({ id, total, taxTotal, currencyCode, completedAt, items }: CartView) => ({
  id,
  currencyCode,
  total,
  taxTotal,
  isCompleted: completedAt !== null,
  items: items.map(({ id, title, quantity, total }) => ({ id, title, quantity, total })),
})

const statuses = { invalid: 400, forbidden: 403, not_found: 404, conflict: 409, unavailable: 503 }

/** Whatever a module refuses has a kind, a permanent code, and a message. Anything else is a bug, and Express's to report. */
const refused: ErrorRequestHandler = (error, _request, response, next) => {
  if (!ModuleError.is(error)) return next(error)
  response.status(statuses[error.kind]).json({ code: error.code, message: error.message })
}
