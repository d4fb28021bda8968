import { compares } from "@marquetry/http"

/** Times that nearly every list can be filtered by. */
export const dates = { created_at: compares(), updated_at: compares(), deleted_at: compares() }
