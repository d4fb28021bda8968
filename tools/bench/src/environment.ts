import { readEnvironment, type Environment } from "@marquetry/framework"

/** The backend as it is deployed, but for limits, logs and the demo shop, which the floor has not. */
export const environmentFor = (url: string): Environment =>
  readEnvironment({
    DATABASE_URL: url,
    RATE_LIMIT: "off",
    LOG_LEVEL: "warn",
    PORT: "0",
    DEMO: "false",
    JWT_SECRET: "a secret that everybody may know, for a bench",
  })
