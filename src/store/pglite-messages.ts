/** What the thread of the embedded database is started with. */
export interface WorkerInput {
  readonly folder: string;
}

/** A statement, or without one: close. */
export interface Request {
  readonly id: number;
  readonly sql?: string;
  readonly parameters?: readonly unknown[];
}

/** The first, of id 0, says that the database is open. */
export type Reply =
  | { readonly id: number; readonly rows: readonly object[]; readonly affected?: number; readonly error?: undefined }
  | { readonly id: number; readonly error: ReplyError };

export interface ReplyError {
  readonly message: string;
  /** SQLSTATE. Without it PGlite itself has failed. */
  readonly code?: string;
}
