import { changesBetween, startAudit, type AuditEntryView, type Changes } from "@marquetry/audit"

async function main(): Promise<void> {
  const { audit, migrate, close } = await startAudit({ database: process.env["DATABASE_URL"] })
  await migrate()
  const changes: Changes = changesBetween({ title: "Shirt", tags: [] }, { title: "Shirt", tags: ["new"] })
  const [actor, resource] = [
    { actorType: "user", actorId: "user_1" },
    { resourceType: "product", resourceId: "prod_1" },
  ]
  await audit.record([{ ...actor, ...resource, action: "updated", changes }])
  const { rows } = await audit.list({ filter: { actorId: "user_1" } })
  const [entry] = rows as [AuditEntryView]
  await close()
  if (JSON.stringify(entry.changes["tags"]?.to) !== `["new"]`) throw new Error(JSON.stringify(rows))
  console.log("ok")
}

void main()
