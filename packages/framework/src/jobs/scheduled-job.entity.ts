import { defineEntity, p } from "@marquetry/kernel"

const ScheduledJobTable = defineEntity({
  name: "ScheduledJob",
  properties: {
    name: p.text().primary(),
    /** As it is declared: when that changes, so does the time of the next run. */
    schedule: p.text(),
    dueAt: p.datetime(3),
    /** The process that runs it, until the lease ends. */
    claim: p.text().strictNullable(),
    leasedUntil: p.datetime(3).strictNullable(),
  },
})

/** When a job is to run next, and which process is at it. */
export class ScheduledJob extends ScheduledJobTable.class {}
ScheduledJobTable.setClass(ScheduledJob)
