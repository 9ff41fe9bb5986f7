import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { SourceText } from '#parse/text/node.ts';
import { errorCode, formatBytes, type Place, report, reportUnreadable, type Session } from './session.ts';

/** One file as text, unpacked if it is gzip; undefined, with a diagnostic, where it is not readable text. */
export async function readFileText(session: Session, place: Place): Promise<SourceText | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(place.path, 'r');
    const bytes = await bytesOf(session, place, handle);
    return bytes && (await textOf(session, place.name, bytes));
  } catch (error) {
    reportUnreadable(session, place.name, error);
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** What a stream gives, as one text: standard input, a pipe. */
export async function readStreamText(
  session: Session,
  name: string,
  stream: Readable,
): Promise<SourceText | undefined> {
  const bytes = await collect(session, name, stream);
  return bytes && textOf(session, name, bytes);
}

/** Bytes as text, or a diagnostic: unpacks gzip, refuses binary data and whatever is not UTF-8. */
export async function textOf(session: Session, name: string, bytes: Buffer): Promise<SourceText | undefined> {
  const unpacked = isGzip(bytes) ? await unpack(session, name, bytes) : bytes;
  if (unpacked === undefined) return undefined;
  if (hasUtf16Mark(unpacked) || !isUtf8(unpacked)) {
    const code = !hasUtf16Mark(unpacked) && looksBinary(unpacked) ? 'RF1008' : 'RF1012';
    report(session, { code, name, message: code === 'RF1008' ? binaryMessage(name) : `\`${name}\` is not UTF-8 text` });
    return undefined;
  }
  if (looksBinary(unpacked)) {
    report(session, { code: 'RF1008', name, message: binaryMessage(name) });
    return undefined;
  }
  return decode(session, name, unpacked);
}

const unpackGzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

/** As git decides it: NUL among the first bytes. */
const BINARY_PREFIX = 8192;
/** Files of /proc say that they are empty. */
const LEAST_CHUNK = 1 << 12;
const MOST_CHUNK = 1 << 20;

async function bytesOf(session: Session, place: Place, handle: FileHandle): Promise<Buffer | undefined> {
  const stat = await handle.stat();
  if (stat.isFIFO() || stat.isCharacterDevice())
    return collect(session, place.name, handle.createReadStream({ autoClose: false }));
  if (stat.size > session.maxFileSize) {
    reportTooLarge(session, place.name);
    return undefined;
  }
  if (stat.size > BINARY_PREFIX) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BINARY_PREFIX), 0, BINARY_PREFIX, 0);
    const prefix = buffer.subarray(0, bytesRead);
    // The rest of a large binary file is not worth reading; gzip and UTF-16 are judged whole.
    if (!isGzip(prefix) && !hasUtf16Mark(prefix) && looksBinary(prefix)) return prefix;
  }
  // A chunk is allocated whole before anything is read: a megabyte for each of a thousand small files is all garbage.
  const highWaterMark = Math.min(Math.max(stat.size + 1, LEAST_CHUNK), MOST_CHUNK);
  return collect(session, place.name, handle.createReadStream({ start: 0, autoClose: false, highWaterMark }));
}

async function collect(session: Session, name: string, stream: Readable): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
    size += bytes.length;
    if (size > session.maxFileSize) {
      reportTooLarge(session, name);
      return undefined;
    }
    chunks.push(bytes);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

function reportTooLarge(session: Session, name: string): void {
  report(session, { code: 'RF1007', name, message: `\`${name}\` is larger than ${formatBytes(session.maxFileSize)}` });
}

async function unpack(session: Session, name: string, bytes: Buffer): Promise<Buffer | undefined> {
  try {
    return await unpackGzip(bytes, { maxOutputLength: session.maxFileSize });
  } catch (error) {
    const tooLarge = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    const what = tooLarge ? `unpacks to more than ${formatBytes(session.maxFileSize)}` : 'is damaged gzip data';
    report(session, { code: 'RF1013', name, message: `\`${name}\` ${what}` });
    return undefined;
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function hasUtf16Mark(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
}

function looksBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, BINARY_PREFIX).includes(0);
}

function binaryMessage(name: string): string {
  return `\`${name}\` holds binary data`;
}

function decode(session: Session, name: string, bytes: Buffer): SourceText | undefined {
  try {
    const text = bytes.toString('utf8');
    return { file: name, text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
  } catch {
    // The longest string of the engine is about 512 MiB; a higher limit for files cannot lift that.
    report(session, {
      code: 'RF1007',
      name,
      message: `\`${name}\` is larger than one text can be`,
      help: 'split the file',
    });
    return undefined;
  }
}
