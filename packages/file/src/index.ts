export type { Removed } from "./content/content-store.ts"
export { dispositionOf } from "./content/content-type.ts"
export { fileModule, startFile, type FileOptions } from "./file.module.ts"
export { NotReadable, NotUploaded, SizeDiffers, TooLarge, TypeRefused } from "./file/file.errors.ts"
export { FileCreated, FileDeleted } from "./file/file.events.ts"
export { fileResource } from "./file/file.resources.ts"
export { PresignUpload, UploadFile, UploadFiles, type FileAccess, type FileContent } from "./file/file.schema.ts"
export { FileService, type FileView, type MayRead, type PresignedUpload } from "./file/file.service.ts"
export type {
  ContentAnswer,
  ContentRequest,
  ContentServer,
  ContentToKeep,
  DownloadToPresign,
  FileProvider,
  UploadTarget,
  UploadToPresign,
} from "./provider/file-provider.ts"
export { localFiles, type LocalFilesOptions } from "./provider/local-files.ts"
export { ContentMissing, ProviderUnavailable, UnknownProvider, UrlRefused } from "./provider/provider.errors.ts"
