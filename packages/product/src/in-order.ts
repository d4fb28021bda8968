/** Rows in the order of their keys; a key without a row is left out. */
export function inOrder<Row>(rows: readonly Row[], keys: readonly string[], keyOf: (row: Row) => string): Row[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]))
  return keys.flatMap((key) => byKey.get(key) ?? [])
}
