import type { CreateCategory } from "./category/category.schema.ts"
import type { CreateProduct } from "./product/product.schema.ts"
import type { CreateVariant } from "./variant/variant.schema.ts"

/** A published shirt without anything to choose. */
export const aProduct = (overrides: Partial<CreateProduct> = {}): CreateProduct => ({
  title: "Shirt",
  status: "published",
  ...overrides,
})

/** A shirt in two of the four choices of its two sizes and colours, with two images. */
export const aShirt = (overrides: Partial<CreateProduct> = {}): CreateProduct =>
  aProduct({
    options: [
      { title: "Size", values: ["S", "M"] },
      { title: "Color", values: ["Blue", "Red"] },
    ],
    variants: [
      { sku: "S-B", options: { Size: "S", Color: "Blue" } },
      { sku: "M-R", options: { Size: "M", Color: "Red" } },
    ],
    images: [{ url: "https://cdn.test/front.png" }, { url: "/static/back.png" }],
    ...overrides,
  })

/** A variant of a product without options. */
export const aVariant = (overrides: Partial<CreateVariant> = {}): CreateVariant => ({ title: "One size", ...overrides })

/** A category at the root that shoppers see. */
export const aCategory = (overrides: Partial<CreateCategory> = {}): CreateCategory => ({
  name: "Clothing",
  isActive: true,
  ...overrides,
})
