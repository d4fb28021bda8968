import { ModuleError } from "@marquetry/kernel"

/** A variant names an option that its product does not have. */
export class OptionUnknown extends ModuleError {
  readonly code = "product.option_unknown"
  readonly kind = "invalid"
  override readonly details: { option: string }
  constructor(option: string) {
    super(`The product has no option "${option}"`)
    this.details = { option }
  }
}

/** A variant names a value that its product does not offer. */
export class OptionValueUnknown extends ModuleError {
  readonly code = "product.option_value_unknown"
  readonly kind = "invalid"
  override readonly details: { option: string; value: string }
  constructor(option: string, value: string) {
    super(`The option "${option}" has no value "${value}"`)
    this.details = { option, value }
  }
}

/** A variant has no value of one of its product's options. */
export class OptionValueMissing extends ModuleError {
  readonly code = "product.option_value_missing"
  readonly kind = "invalid"
  override readonly details: { option: string }
  constructor(option: string) {
    super(`A variant needs a value of the option "${option}"`)
    this.details = { option }
  }
}

/** A product has another option of that title. */
export class OptionTitleTaken extends ModuleError {
  readonly code = "product.option_title_taken"
  readonly kind = "conflict"
  override readonly details: { title: string }
  constructor(title: string) {
    super(`The product has another option "${title}"`)
    this.details = { title }
  }
}

/** The option has that value already. */
export class OptionValueTaken extends ModuleError {
  readonly code = "product.option_value_taken"
  readonly kind = "conflict"
  override readonly details: { value: string }
  constructor(value: string) {
    super(`The option has the value "${value}" already`)
    this.details = { value }
  }
}

/** An exclusive option is another product's, or an option of several products cannot become exclusive. */
export class OptionExclusive extends ModuleError {
  readonly code = "product.option_exclusive"
  readonly kind = "conflict"
  override readonly details: { optionId: string }
  constructor(optionId: string) {
    super(`The option ${optionId} can only be used by one product`)
    this.details = { optionId }
  }
}

/** Variants are a choice of these values; change or delete those first. */
export class OptionInUse extends ModuleError {
  readonly code = "product.option_in_use"
  readonly kind = "conflict"
  override readonly details: { valueIds: string[] }
  constructor(valueIds: string[]) {
    super(`There are variants of these option values: ${valueIds.join(", ")}`)
    this.details = { valueIds }
  }
}
