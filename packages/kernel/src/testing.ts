export {
  createTestDatabase,
  freePort,
  startTestServer,
  type TestDatabase,
  type TestServer,
} from "./testing/postgres.ts"
export { default as setup } from "./testing/global-setup.ts"
export { driftOf, statementsOf } from "./testing/statements.ts"
