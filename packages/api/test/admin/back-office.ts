import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Medusa from "@medusajs/js-sdk"
import { apiKeyModule } from "@marquetry/api-key"
import { currencyModule } from "@marquetry/currency"
import { fileModule, localFiles } from "@marquetry/file"
import { commerceLinks } from "@marquetry/flows"
import { createBackend, defineConfig, readEnvironment } from "@marquetry/framework"
import { AuditService } from "@marquetry/audit"
import { createTestDatabase, statementsOf } from "@marquetry/kernel/testing"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { AccessService, RoleService } from "@marquetry/rbac"
import { regionModule } from "@marquetry/region"
import { salesChannelModule } from "@marquetry/sales-channel"
import { StoreService, storeModule } from "@marquetry/store"
import { userModule } from "@marquetry/user"
import { createUser } from "../../src/admin/users/create-user.ts"
import { adminApi, authApi, filesApi, storeApi } from "../../src/index.ts"
import { mail, sellingModules, type SellingOptions } from "../selling.ts"

export type Json = Record<string, unknown>
export type Sdk = InstanceType<typeof Medusa.default>
// Types and tools disagree about what a CommonJS module's default is; Node gives the module.
const Client = ("default" in Medusa ? Medusa.default : Medusa) as unknown as new (options: object) => Sdk

/** What a request of a test brings. */
export interface Sent {
  readonly body?: unknown
  /** Of a user; that of the admin unless said, and none when `null`. */
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Statuses of answers that came at once, in order. */
export const statusesOf = (answers: readonly { readonly status: number }[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b)

/** Where the shop is, to those who know it by its name. */
export const PUBLIC_URL = "http://shop.example"

/** All APIs over a database, with files in a directory. Any number of processes may start it. */
export function officeConfig(url: string, directory: string, options: SellingOptions = {}) {
  const disk = localFiles({ directory, baseUrl: `${PUBLIC_URL}/static`, secret: "of the tests, and of nobody else." })
  return defineConfig({
    environment: readEnvironment({ DATABASE_URL: url, PORT: "0", LOG_LEVEL: "silent", RATE_LIMIT: "off" }),
    modules: [
      storeModule,
      salesChannelModule,
      apiKeyModule,
      currencyModule,
      regionModule,
      productModule,
      pricingModule,
      userModule(),
      fileModule({ providers: [disk], maxSize: 5_000_000 }),
      ...sellingModules(options),
    ],
    links: commerceLinks,
    plugins: [storeApi(), authApi(), adminApi(), filesApi({ origins: ["https://admin.shop.example"] })],
  })
}

/** A backend with all APIs over an empty database with one admin user and a store without anything, that listens. */
export async function openBackOffice(options: SellingOptions = {}) {
  const database = await createTestDatabase()
  const directory = await mkdtemp(join(tmpdir(), "marquetry-files-"))
  const backend = await createBackend(officeConfig(database.url, directory, options))
  const { container } = backend.composition
  const admin = { email: "admin@shop.example", password: "correct horse battery" }
  const user = await createUser(container, admin)
  const store = await container
    .resolve(StoreService)
    .create({ name: "Shop", supportedCurrencies: [{ currencyCode: "eur", isDefault: true }] })
  const address = await backend.listen()
  const login = async (credentials: { email: string; password: string }) => {
    const { body } = await request("POST", "/auth/user/emailpass", { body: credentials, token: null })
    return body["token"] as string
  }
  let token: string | undefined
  const request = async (method: string, path: string, sent: Sent = {}) => {
    const given = sent.token === undefined ? token : sent.token
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        ...(sent.body !== undefined && { "content-type": "application/json" }),
        ...(given != null && { authorization: `Bearer ${given}` }),
        ...sent.headers,
      },
      ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
    })
    const text = await response.text()
    const body = (text.startsWith("{") ? JSON.parse(text) : {}) as Json
    return { status: response.status, text, body, headers: response.headers }
  }
  token = await login(admin)
  return {
    ...backend,
    container,
    address,
    url: database.url,
    directory,
    admin,
    userId: user.id,
    storeId: store.id,
    mail,
    token,
    login,
    get: (path: string, sent?: Sent) => request("GET", path, sent),
    post: (path: string, body: unknown = {}, sent: Sent = {}) => request("POST", path, { body, ...sent }),
    delete: (path: string, sent?: Sent) => request("DELETE", path, sent),
    /** The official client, logged in as the admin. */
    sdk: async (): Promise<Sdk> => {
      const client = new Client({ baseUrl: address, auth: { type: "jwt", jwtTokenStorageMethod: "memory" } })
      await client.auth.login("user", "emailpass", admin)
      return client
    },
    /** The token of another user, who has a role with these permissions; of one who has none unless said. */
    colleague: async (email: string, permissions?: readonly string[]) => {
      const credentials = { email, password: "correct horse battery" }
      const { id } = await createUser(container, credentials)
      if (permissions !== undefined) {
        const role = await container.resolve(RoleService).create({ name: email, permissions: [...permissions] })
        await container.resolve(AccessService).assign({ actorType: "user", actorId: id }, [role.id])
      }
      return login(credentials)
    },
    /** What the audit log says of a row, oldest first. */
    audit: async (resourceId: string) => {
      const { rows } = await container
        .resolve(AuditService)
        .list({ filter: { resourceId }, order: { id: "asc" }, count: false })
      return rows
    },
    /** How many statements a request takes. */
    statements: (work: () => Promise<unknown>) => statementsOf(backend.composition.database, work),
    drop: async () => {
      await backend.close()
      await database.drop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type BackOffice = Awaited<ReturnType<typeof openBackOffice>>
