import type { Database } from "@marquetry/kernel"
import { iso31661 } from "iso-3166/1.js"

/** Writes the countries of ISO 3166-1, and renames those that were renamed since. */
export async function seedCountries(db: Database): Promise<void> {
  const names = new Intl.DisplayNames("en", { type: "region" })
  const countries = iso31661.map(({ alpha2, alpha3, numeric }) => {
    const displayName = names.of(alpha2) ?? alpha2
    return { iso_2: alpha2.toLowerCase(), iso_3: alpha3.toLowerCase(), num_code: numeric, display_name: displayName }
  })
  await db.run(
    `insert into "region"."country" (iso_2, iso_3, num_code, name, display_name)
     select iso_2, iso_3, num_code, upper(display_name), display_name
     from json_to_recordset($1::json) as row (iso_2 text, iso_3 text, num_code text, display_name text)
     -- A conflict locks the row, changed or not: each start would hold up whoever sells.
     where not exists (select from "region"."country" c where c.iso_2 = row.iso_2 and c.display_name = row.display_name)
     on conflict (iso_2) do update set name = excluded.name, display_name = excluded.display_name
     where "country".display_name <> excluded.display_name`,
    [JSON.stringify(countries)],
  )
}
