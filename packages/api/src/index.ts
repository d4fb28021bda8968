export { authApi, type AuthApiOptions } from "./auth/auth-api.plugin.ts"
export { authErrorAnswers, commerceErrorAnswers } from "./error-answers.ts"
export { storeApi } from "./store/store-api.plugin.ts"
