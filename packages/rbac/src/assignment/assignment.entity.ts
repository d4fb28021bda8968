import { defineEntity, id, p } from "@marquetry/kernel"
import { Role } from "../role/role.entity.ts"

const RoleAssignmentTable = defineEntity({
  name: "RoleAssignment",
  uniques: [{ name: "role_assignment_unique", properties: ["role", "actorType", "actorId"] }],
  indexes: [{ name: "role_assignment_actor_index", properties: ["actorId", "actorType"] }],
  properties: {
    id: id("rolasgn"),
    // No cascade: whoever lost a role with its row might be left without any, and be allowed everything.
    role: () => p.manyToOne(Role).ref(),
    /** Who has it: a `user`, an `api_key`, or whatever else acts in a shop. */
    actorType: p.text(),
    actorId: p.text(),
    createdAt: p.datetime(3).onCreate(() => new Date()),
  },
})

/** That somebody has a role. */
export class RoleAssignment extends RoleAssignmentTable.class {}
RoleAssignmentTable.setClass(RoleAssignment)
