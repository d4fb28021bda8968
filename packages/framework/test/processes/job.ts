import { compose } from "@marquetry/kernel"
import { frameworkModule } from "../../src/framework.module.ts"
import { JobScheduler } from "../../src/jobs/job-scheduler.ts"

// Takes the job and stays at it until it is told to stop.
const [, , database] = process.argv
const shop = await compose({ database: database as string, modules: [frameworkModule] })
await shop.assertMigrated()
const jobs = new JobScheduler(
  shop.database,
  shop.container,
  [
    {
      name: "slow",
      schedule: { everySeconds: 3_600 },
      run: (_, signal) =>
        new Promise((_, reject) => {
          console.log("begun")
          signal.addEventListener("abort", () => reject(signal.reason as Error))
        }),
    },
  ],
  { pollInterval: 10 },
)
jobs.start()
// Nothing else keeps the process alive.
const alive = setInterval(() => {}, 60_000)
process.on("SIGTERM", () => {
  clearInterval(alive)
  void jobs.close().then(() => shop.close())
})
