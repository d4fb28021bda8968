import { codeOf, work } from "./work.ts"

// Asks for one unit of an item, so many times at once.
const [, , url, item = "", times = "0"] = process.argv
await work(url, ({ reservations }) =>
  Promise.all(
    Array.from({ length: Number(times) }, () =>
      reservations
        .reserve({ lines: [{ inventoryItemId: item, quantity: 1 }], locationIds: ["a"] })
        .then(() => "reserved", codeOf),
    ),
  ),
)
