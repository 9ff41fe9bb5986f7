import { HttpProblem } from './problem.ts';

export interface BodyLimits {
  readonly bytes: number;
  /** Milliseconds from the first byte to the last. */
  readonly ms: number;
}

/** JSON of a request, within limits of size and time. Anything else is refused before it is read. */
export async function readBody(request: Request, limits: BodyLimits): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  // A form cannot send this type across origins without being asked for leave first.
  if (!/^application\/json\s*(?:;|$)/i.test(type)) throw new HttpProblem(415, 'send `content-type: application/json`');
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limits.bytes) throw tooLarge(limits);
  const text = await textWithin(request, limits);
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'the body is not JSON');
  }
}

async function textWithin({ body }: Request, limits: BodyLimits): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HttpProblem(408, 'the body did not come in time')), limits.ms);
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return decoded(chunks);
      size += value.length;
      if (size > limits.bytes) throw tooLarge(limits);
      chunks.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    throw error instanceof HttpProblem ? error : new HttpProblem(400, 'the body cannot be read');
  } finally {
    clearTimeout(timer);
  }
}

function decoded(chunks: readonly Uint8Array[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new HttpProblem(400, 'the body is not UTF-8');
  }
}

function tooLarge({ bytes }: BodyLimits): HttpProblem {
  return new HttpProblem(413, `a body has at most ${bytes} bytes`, { headers: { connection: 'close' } });
}
