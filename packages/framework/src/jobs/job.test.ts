import { describe, expect, it } from "vitest"
import { assertJob, nextTime, type Schedule } from "./job.ts"

const at = (time: string) => new Date(`2026-01-01T${time}Z`)

describe("the next time of a schedule", () => {
  it.each<[Schedule, string, string, string]>([
    ["*/5 * * * *", "00:04:59.999", "00:00:00", "00:05:00"],
    ["*/5 * * * *", "00:05:00.000", "00:05:00", "00:10:00"],
    ["30 4 * * *", "00:00:00", "00:00:00", "04:30:00"],
    [{ everySeconds: 30 }, "00:00:00", "00:00:00", "00:00:30"],
    [{ everySeconds: 30 }, "00:00:02", "00:00:00", "00:00:30"],
    [{ everySeconds: 30 }, "00:00:30", "00:00:00", "00:01:00"],
    // What was missed is not made up for.
    [{ everySeconds: 30 }, "00:10:07", "00:00:00", "00:10:30"],
  ])("%j, at %s, due at %s, is %s", (schedule, now, due, next) => {
    expect(nextTime(schedule, at(now), at(due))).toEqual(at(next))
  })

  it("of an interval is the first beyond now of those that lie whole intervals from when it was due", () => {
    for (const everySeconds of [1, 7, 60, 86_400]) {
      for (let offset = -10_000_500; offset < 10_000_000; offset += 99_991) {
        const now = new Date(at("00:00:00").getTime() + offset)
        const next = nextTime({ everySeconds }, now, at("00:00:00")).getTime()
        const period = everySeconds * 1_000

        expect(next).toBeGreaterThan(now.getTime())
        expect(next).toBeLessThanOrEqual(now.getTime() + period)
        expect(Math.abs(next - at("00:00:00").getTime()) % period).toBe(0)
      }
    }
  })
})

describe("a job", () => {
  const run = () => {}

  it.each<[string, Schedule, string]>([
    ["Upper", "* * * * *", "cannot be the name of a job"],
    ["", "* * * * *", "cannot be the name of a job"],
    ["words", "every day", "has no schedule"],
    ["seconds", "*/5 * * * * *", "has no schedule"],
    ["minute-61", "61 * * * *", "has no schedule"],
    ["february", "0 0 31 2 *", "never comes"],
    ["never", { everySeconds: 0 }, "in whole ones"],
    ["half", { everySeconds: 0.5 }, "in whole ones"],
    ["long", { everySeconds: 1e9 }, "in whole ones"],
  ])("%j of %j is refused", (name, schedule, message) => {
    expect(() => assertJob({ name, schedule, run })).toThrow(message)
  })

  it.each<[string, Schedule]>([
    ["recover-orders", "*/5 * * * *"],
    ["shop.sweep:2", "@daily"],
    ["often", { everySeconds: 1 }],
  ])("%j of %j is one", (name, schedule) => {
    expect(() => assertJob({ name, schedule, run })).not.toThrow()
  })
})
