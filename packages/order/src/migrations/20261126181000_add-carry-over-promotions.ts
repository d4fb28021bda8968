import { Migration } from "@marquetry/kernel"

export class AddCarryOverPromotions extends Migration {
  override name = "20261126181000_add-carry-over-promotions"

  override up(): void {
    this.addSql(`alter table "order"."order_change" add column "carry_over_promotions" boolean`)
  }

  override down(): void {
    this.addSql(`alter table "order"."order_change" drop column "carry_over_promotions"`)
  }
}
