/**
 * How many digits an amount may have, whether given or computed: 18 before the decimal point, 20 after it.
 * The Postgres column `numeric(38, 20)` holds every amount, and so does `numeric`.
 */
export const amountBounds = Object.freeze({ integerDigits: 18, fractionDigits: 20 })
