/** The columns of Shopify's product CSV that are read and written, in its order. */
export const shopifyColumns = [
  "Handle",
  "Title",
  "Body (HTML)",
  "Vendor",
  "Type",
  "Tags",
  "Published",
  "Option1 Name",
  "Option1 Value",
  "Option2 Name",
  "Option2 Value",
  "Option3 Name",
  "Option3 Value",
  "Variant SKU",
  "Variant Grams",
  "Variant Inventory Tracker",
  "Variant Inventory Qty",
  "Variant Inventory Policy",
  "Variant Price",
  "Variant Compare At Price",
  "Variant Requires Shipping",
  "Variant Taxable",
  "Variant Barcode",
  "Image Src",
  "Image Position",
  "Image Alt Text",
  "Gift Card",
  "SEO Title",
  "SEO Description",
  "Variant Image",
  "Variant Weight Unit",
  "Status",
] as const

/** What older exports have instead of `Type`, for types that are not Shopify's own. */
export const CUSTOM_TYPE = "Custom Product Type"

export type ShopifyColumn = (typeof shopifyColumns)[number]

/** Without them a file is no export of Shopify. */
export const requiredColumns: readonly ShopifyColumn[] = ["Handle", "Title", "Variant Price"]

/** The columns of the three options that a product can have there. */
export const optionColumns = [
  { name: "Option1 Name", value: "Option1 Value" },
  { name: "Option2 Name", value: "Option2 Value" },
  { name: "Option3 Name", value: "Option3 Value" },
] as const

/** What a product of which there is one has instead of options. */
export const noOption = { title: "Title", value: "Default Title" } as const

/** A record of the file. */
export interface ShopifyRow {
  readonly line: number
  readonly cell: (column: ShopifyColumn | typeof CUSTOM_TYPE) => string
}
