/**
 * Waits until all are done, and answers them in order, or throws what failed first. For statements of a transaction that
 * need not wait for each other: they are sent together. `Promise.all` would let the transaction end while some of them
 * still go on.
 */
export async function allDone<const Work extends readonly unknown[]>(
  work: Work,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  let failed: { readonly error: unknown } | undefined
  const settled = await Promise.all(
    work.map(async (one) => {
      try {
        return await one
      } catch (error) {
        // What was refused because something else had failed may be heard of first.
        if (failed === undefined || isConsequence(failed.error)) failed = { error }
        return undefined
      }
    }),
  )
  if (failed !== undefined) throw failed.error
  return settled as { -readonly [Index in keyof Work]: Awaited<Work[Index]> }
}

/** Whether a statement was refused because one before it had failed. */
const isConsequence = (error: unknown) => (error as { code?: unknown } | null | undefined)?.code === "25P02"
