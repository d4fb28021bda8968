export { smtpProvider, type SmtpOptions } from "./smtp-provider.ts"
