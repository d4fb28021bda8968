import { ProviderUnavailable, startFile } from "@marquetry/file"
import { s3Files } from "@marquetry/file-s3"

async function main(): Promise<void> {
  const { files, migrate, close } = await startFile({
    database: process.env["DATABASE_URL"],
    providers: [
      s3Files({
        bucket: "shop",
        region: "us-east-1",
        // A port that nobody listens on.
        endpoint: "http://127.0.0.1:1",
        credentials: { accessKeyId: "none", secretAccessKey: "none" },
        forcePathStyle: true,
        client: { maxAttempts: 1 },
      }),
    ],
  })
  await migrate()
  const { url, key } = await files.presignUpload({ filename: "a.csv", mimeType: "text/csv", size: 3 })
  const refusal: unknown = await files.upload({ filename: "a", content: Buffer.from("a") }).catch((e) => e)
  await close()
  if (!url.startsWith(`http://127.0.0.1:1/shop/${key}?`) || !(refusal instanceof ProviderUnavailable))
    throw new Error(String(refusal))
  console.log("ok")
}

void main()
