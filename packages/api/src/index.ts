export { authApi, type AuthApiOptions } from "./auth/auth-api.plugin.ts"
export { authErrorAnswers, commerceErrorAnswers } from "./error-answers.ts"
export { adminApi } from "./admin/admin-api.plugin.ts"
export { storeApi } from "./store/store-api.plugin.ts"
