import { EmailTaken, startCustomer, type Buyer, type CustomerView } from "@marquetry/customer"

async function main(): Promise<void> {
  const { customers, groups, migrate, close } = await startCustomer({ database: process.env["DATABASE_URL"] })
  await migrate()
  const ada: CustomerView = await customers.create({ email: "ada@example.com", hasAccount: true })
  const members = await groups.create({ name: "Members" })
  await groups.addCustomers(members.id, [ada.id])
  const buyer: Buyer | null = await customers.findBuyer(ada.id)
  const guest: Buyer = await customers.guestOf("ada@example.com")
  const refusal: unknown = await customers.create({ email: "ada@example.com", hasAccount: true }).catch((e) => e)
  await close()
  if (buyer?.groupIds.join() !== members.id || guest.id === ada.id || !(refusal instanceof EmailTaken))
    throw new Error(JSON.stringify([buyer, guest]))
  console.log("ok")
}

void main()
