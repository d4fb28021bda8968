import { CreateCustomer, CustomerService, UpdateCustomer } from "@marquetry/customer"
import { routes } from "@marquetry/http"
import { customer, registering } from "../shopper.guard.ts"
import { answerAfter, customerAnswer } from "./customer-reads.ts"
import { registerCustomer } from "./customer-registration.ts"

/** What customers say of themselves. Whether they can log in follows from how they came. */
const Registration = CreateCustomer.omit({ hasAccount: true, createdBy: true })
/** The e-mail address is what they are known by. */
const Change = UpdateCustomer.omit({ email: true })

const { query, response } = customerAnswer

const registration = routes("/store/customers", { guard: registering }, ({ post }) => {
  post("/", { summary: "Makes a customer of who has registered", body: Registration, query, response }, (context) =>
    answerAfter(context, () => registerCustomer(context.resolve, context.identity.claims, context.body)),
  )
})

const me = routes("/store/customers/me", { guard: customer }, ({ get, post }) => {
  get("/", { summary: "Reads the customer who is logged in", query, response }, (context) =>
    customerAnswer.send(context, context.identity.customerId),
  )
  post("/", { summary: "Changes the customer who is logged in", body: Change, query, response }, (context) =>
    answerAfter(context, async () => {
      const { customerId } = context.identity
      await context.resolve<CustomerService>(CustomerService).update(customerId, context.body)
      return customerId
    }),
  )
})

export const customerRoutes = [...registration, ...me]
