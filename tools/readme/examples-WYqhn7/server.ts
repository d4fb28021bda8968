import { startCart } from "@marquetry/cart"
import express from "express"
import { cartRoutes } from "./cart-routes.ts"

const { carts, migrate, close } = await startCart({ database: process.env["DATABASE_URL"] })
await migrate()
const server = express().use("/carts", cartRoutes(carts)).listen(3000)
process.on("SIGTERM", () => server.close(() => void close()))
