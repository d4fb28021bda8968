import { defineModule } from "@marquetry/kernel"
import { ScheduledJob } from "./jobs/scheduled-job.entity.ts"
import { CreateJobs } from "./migrations/20261115000000_create-jobs.ts"

/** Part of every backend: keeps its jobs. */
export const frameworkModule = defineModule({
  name: "framework",
  entities: [ScheduledJob],
  migrations: [CreateJobs],
  register: () => {},
})
