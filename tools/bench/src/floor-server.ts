import fastify from "fastify"
import pg from "pg"

/*
 * The floor: what the machine can do. Fastify and pg, nothing between them, and SQL written by hand for this one answer,
 * which knows its channel, region and currency beforehand and checks nothing.
 */

const [url, salesChannelId] = process.argv.slice(2) as [string, string]
const pool = new pg.Pool({ connectionString: url, max: 10 })
const app = fastify()

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const dates = (alias: string) =>
  `${instant(`${alias}.created_at`)} as created_at, ${instant(`${alias}.updated_at`)} as updated_at, ${instant(`${alias}.deleted_at`)} as deleted_at`

const priceRow = (alias: string, list: string) =>
  `json_build_object('id', ${alias}.id, 'price_list_id', ${alias}.price_list_id, 'price_list_type', ${list}, 'min_quantity', ${alias}.min_quantity, 'max_quantity', ${alias}.max_quantity)`

const price = `(select json_build_object('id', l.price_set_id, 'calculated_amount', c.amount, 'original_amount', o.amount, 'currency_code', 'eur',
    'is_calculated_price_price_list', c.price_list_id is not null, 'is_original_price_price_list', false,
    'is_calculated_price_tax_inclusive', false, 'is_original_price_tax_inclusive', false,
    'calculated_price', ${priceRow("c", "c.type")}, 'original_price', ${priceRow("o", "null::text")})
  from link.product_variant_price_set l
  cross join lateral (select * from pricing.price p where p.price_set_id = l.price_set_id and p.currency_code = 'eur' and p.price_list_id is null and p.deleted_at is null limit 1) o
  cross join lateral (
    select p.*, pl.type from pricing.price p left join pricing.price_list pl on pl.id = p.price_list_id
    where p.price_set_id = l.price_set_id and p.currency_code = 'eur' and p.deleted_at is null order by p.amount limit 1) c
  where l.product_variant_id = v.id)`

const product = `p.id, p.title, p.subtitle, p.description, p.handle, p.is_giftcard, p.discountable, p.thumbnail, p.collection_id, p.type_id,
  p.weight, p.length, p.height, p.width, p.hs_code, p.origin_country, p.mid_code, p.material, ${instant("p.created_at")} as created_at, ${instant("p.updated_at")} as updated_at,
  (select row_to_json(x) from (select t.id, t.value, t.external_id, t.metadata, ${dates("t")} from product.product_type t where t.id = p.type_id) x) as type,
  null as collection,
  (select json_agg(x) from (select o.id, o.title, o.is_exclusive, o.metadata, ${dates("o")},
    (select json_agg(y) from (select w.id, w.value, w.rank, w.option_id, w.metadata, ${dates("w")} from product.product_option_value w where w.option_id = o.id and w.deleted_at is null order by w.rank, w.id) y) as values
    from product.product_option_use u join product.product_option o on o.id = u.option_id where u.product_id = p.id) x) as options,
  (select json_agg(x) from (select g.id, g.value, g.external_id, g.metadata, ${dates("g")} from product.product_to_tag u join product.product_tag g on g.id = u.tag_id where u.product_id = p.id order by g.id) x) as tags,
  (select json_agg(x) from (select i.id, i.url, i.rank, i.product_id, i.metadata, ${dates("i")} from product.product_image i where i.product_id = p.id and i.deleted_at is null order by i.rank, i.id) x) as images,
  (select json_agg(x) from (select v.id, v.title, v.sku, v.ean, v.upc, v.barcode, v.allow_backorder, v.manage_inventory, v.variant_rank, v.thumbnail, v.weight, v.length, v.height, v.width,
      v.hs_code, v.origin_country, v.mid_code, v.material, v.product_id, v.metadata, ${dates("v")},
      (select json_agg(y) from (select w.id, w.value, w.rank, w.option_id, w.metadata, ${dates("w")} from product.variant_to_value u join product.product_option_value w on w.id = u.value_id where u.variant_id = v.id) y) as options,
      ${price} as calculated_price
    from product.product_variant v where v.product_id = p.id and v.deleted_at is null order by v.variant_rank, v.id) x) as variants`

const inChannel = `p.deleted_at is null and p.status = 'published' and exists (select 1 from link.product_sales_channel l where l.product_id = p.id and l.sales_channel_id = $1)`

const list = {
  name: "list",
  text: `with page as materialized (select p.id from product.product p where ${inChannel} order by p.id limit 20)
    select (select json_agg(r)::text from (select ${product} from page join product.product p on p.id = page.id order by p.id) r) as rows,
      (select count(*)::int from product.product p where ${inChannel}) as count`,
}
const detail = {
  name: "detail",
  text: `select row_to_json(r)::text as row from (select ${product} from product.product p where p.id = $2 and ${inChannel}) r`,
}

app.get("/store/products", async (_, reply) => {
  const { rows } = await pool.query<{ rows: string; count: number }>({ ...list, values: [salesChannelId] })
  const [page] = rows as [{ rows: string; count: number }]
  return reply
    .type("application/json; charset=utf-8")
    .send(`{"products":${page.rows},"count":${page.count},"offset":0,"limit":20}`)
})

app.get<{ Params: { id: string } }>("/store/products/:id", async (request, reply) => {
  const { rows } = await pool.query<{ row: string }>({ ...detail, values: [salesChannelId, request.params.id] })
  return reply.type("application/json; charset=utf-8").send(`{"product":${rows[0]?.row ?? "null"}}`)
})

process.on("message", () => process.send?.({ cpu: process.cpuUsage() }))
const address = await app.listen({ port: 0, host: "127.0.0.1" })
process.send?.({ address })
