export { storeApi } from "./store/store-api.plugin.ts"
