import { CredentialsInvalid, startAuth, type Claims } from "@marquetry/auth"

async function main(): Promise<void> {
  const { auth, identities, tokens, migrate, close } = await startAuth({
    jwtSecret: "a secret that is good enough to try a package",
    database: process.env["DATABASE_URL"],
  })
  await migrate()
  const ada = { email: "ada@example.com", password: "correct horse battery" }
  const { claims } = await auth.register("customer", "emailpass", ada)
  await identities.attachActor(claims.authIdentityId, "customer", "cus_1")
  const { token } = await auth.login("customer", "emailpass", ada)
  const verified: Claims | null = await tokens.verify(token)
  const refusal: unknown = await auth.login("customer", "emailpass", { ...ada, password: "wrong" }).catch((e) => e)
  await close()
  if (verified?.actorId !== "cus_1" || !(refusal instanceof CredentialsInvalid)) throw new Error(String(refusal))
  console.log("ok")
}

void main()
