import { IdentityService, SessionService } from "@marquetry/auth"
import { CustomerService, type CustomerView, type UpdateCustomer } from "@marquetry/customer"
import type { RequestInfo } from "@marquetry/http"
import { EmailOfAccount } from "./customers.errors.ts"

/**
 * Changes a customer. Another e-mail address is for guests only: that of an account belongs to whoever logs in with it, and
 * what they log in with is not the shop's to change.
 *
 * @throws {EmailOfAccount} {@link NotFound} {@link EmailTaken} {@link InvalidInput}
 */
export async function updateCustomer(
  { resolve }: Pick<RequestInfo, "resolve">,
  id: string,
  input: UpdateCustomer,
): Promise<CustomerView> {
  const customers = resolve<CustomerService>(CustomerService)
  if (input.email === undefined) return customers.update(id, input)
  const { email, hasAccount } = await customers.get(id)
  if (hasAccount && input.email !== email) throw new EmailOfAccount(id)
  return customers.update(id, input)
}

/**
 * Deletes a customer. What they have bought stays, and names them still; nobody logs in as them any more, and whoever did can
 * register anew.
 *
 * @throws {NotFound}
 */
export async function deleteCustomer({ resolve }: Pick<RequestInfo, "resolve">, id: string): Promise<void> {
  await resolve<CustomerService>(CustomerService).delete(id)
  const identities = resolve<IdentityService>(IdentityService)
  const login = await identities.findByActor("customer", id)
  if (login === null) return
  await identities.detachActor(login.id, "customer")
  await resolve<SessionService>(SessionService).deleteAllOf(login.id)
}
