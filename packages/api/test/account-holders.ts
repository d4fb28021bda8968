import { customerAccountHolder } from "@marquetry/flows"
import { Database, Links, newId, type DependencyContainer } from "@marquetry/kernel"

/** An account at a payment provider for each of these customers, which keeps a card. @returns the ids of the accounts, in order. */
export async function accountsOf(container: DependencyContainer, customerIds: readonly string[]): Promise<string[]> {
  const accounts = customerIds.map((customerId) => ({ id: newId("acchld"), externalId: `ext_${customerId}` }))
  await container.resolve(Database).run(
    `insert into "payment"."account_holder" (id, provider_id, external_id, data, created_at, updated_at)
     select id, 'pp_test', "externalId", '{"card":"secret"}', now(), now()
     from json_to_recordset($1::json) as given (id text, "externalId" text)`,
    [JSON.stringify(accounts)],
  )
  const pairs = accounts.map(({ id }, index) => [customerIds[index] as string, id] as const)
  await container.resolve(Links).add(customerAccountHolder, pairs)
  return accounts.map(({ id }) => id)
}
