// The body of a Bot API call: JSON, a form, or multipart. Tolerant of file names without quotes, as grammY writes them.
import type { IncomingMessage } from 'node:http';

export interface Upload {
  name: string;
  bytes: Uint8Array;
}
export interface Call {
  fields: Record<string, unknown>;
  uploads: Map<string, Upload>;
}

/** Reads a request whole. Throws on what no client sends. */
export async function readCall(req: IncomingMessage): Promise<Call> {
  const url = new URL(req.url ?? '/', 'http://fake');
  const fields: Record<string, unknown> = Object.fromEntries(
    [...url.searchParams].map(([k, v]) => [k, fromText(v)]),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = req.headers['content-type'] ?? '';
  const uploads = new Map<string, Upload>();
  if (type.includes('json') && body.length > 0) Object.assign(fields, JSON.parse(body.toString('utf8')));
  else if (type.includes('urlencoded'))
    for (const [k, v] of new URLSearchParams(body.toString('utf8'))) fields[k] = fromText(v);
  else if (type.includes('multipart'))
    readParts(body, /boundary="?([^";]+)/.exec(type)![1]!, fields, uploads);
  return { fields, uploads };
}

/** A form knows only text: what reads as JSON is meant as JSON. */
function fromText(value: string): unknown {
  if (!/^(?:[[{]|true$|false$|-?\d{1,15}$)/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readParts(
  body: Buffer,
  boundary: string,
  fields: Record<string, unknown>,
  uploads: Map<string, Upload>,
): void {
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length + 2;
    const next = body.indexOf(mark, start);
    if (next < 0) return;
    const part = body.subarray(start, next - 2);
    const gap = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, gap).toString('utf8');
    const content = part.subarray(gap + 4);
    const name = /name="?([^";\r\n]+)"?/.exec(head)?.[1];
    const file = /filename="?([^";\r\n]+)"?/.exec(head)?.[1];
    if (name && file !== undefined) uploads.set(name, { name: file, bytes: new Uint8Array(content) });
    else if (name) fields[name] = fromText(content.toString('utf8'));
    at = next;
  }
}
