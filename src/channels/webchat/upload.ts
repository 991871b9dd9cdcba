// Reads one multipart upload of Direct Line: an activity and its files. Holds the bytes in memory only, within
// limits, and drops them when the sender stops half-way. Keeps nothing; judges no file's type.
import busboy from 'busboy';
import type { Request } from 'express';
import { MAX_FILE_BYTES } from '../../core/message.ts';
import { fail, ok, problem, type Result } from '../../core/result.ts';
import { ActivityIn } from './activities.ts';

const MB = 1024 * 1024;
const MAX_FILES = 5;
const MAX_REQUEST_BYTES = 25 * MB;
const MAX_HELD_BYTES = 256 * MB;

export interface Uploaded {
  activity: ActivityIn;
  /** `bytes` is undefined for a file beyond the size limit. */
  files: { name: string; bytes: Uint8Array | undefined }[];
  /** Files beyond the number limit. */
  dropped: number;
}

/** Reads uploads, all of them together within `most` bytes of memory; what a request took is given back when it is answered. */
export function uploads(most = MAX_HELD_BYTES): (req: Request) => Promise<Result<Uploaded>> {
  let held = 0;
  return (req) => {
    let mine = 0;
    const giveBack = () => {
      held -= mine;
      mine = 0;
    };
    req.res?.once('close', giveBack);
    return readUpload(req, (bytes) => {
      mine += bytes;
      held += bytes;
      return held <= most;
    });
  };
}

/**
 * The parts of the request. 'bad-input' when it is no multipart or breaks off, 'too-large' when it is too long,
 * 'unavailable' when `hold` has no room for so many bytes more.
 */
function readUpload(req: Request, hold: (bytes: number) => boolean): Promise<Result<Uploaded>> {
  if (Number(req.headers['content-length'] ?? 0) > MAX_REQUEST_BYTES) {
    // Read to the end and forget, or the sender sees a broken connection instead of the answer.
    req.resume();
    return Promise.resolve(fail(problem('too-large', 'upload too long')));
  }
  let parser: busboy.Busboy;
  try {
    parser = busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { files: MAX_FILES, fileSize: MAX_FILE_BYTES, fields: 10, fieldSize: 256 * 1024, parts: 30 },
    });
  } catch {
    req.resume();
    return Promise.resolve(fail(problem('bad-input', 'not a multipart upload')));
  }
  return new Promise((resolve) => {
    const files: Uploaded['files'] = [];
    let activityJson = '';
    let dropped = 0;
    let total = 0;
    let settled = false;
    const end = (result: Result<Uploaded>) => {
      if (settled) return;
      settled = true;
      req.unpipe(parser);
      if (!result.ok) {
        files.length = 0;
        req.resume();
      }
      resolve(result);
    };
    parser.on('field', (name, value) => {
      if (name === 'activity') activityJson = value;
    });
    parser.on('file', (field, stream, meta) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const isActivity = field === 'activity' || meta.mimeType === 'application/vnd.microsoft.activity';
      const kept: Uploaded['files'][number] = {
        name: (meta.filename ?? 'tep').slice(0, 200),
        bytes: undefined,
      };
      // Pushed at the start, so that the files keep the order in which they were sent.
      if (!isActivity) files.push(kept);
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        total += chunk.length;
        if (settled) return;
        if (!hold(chunk.length)) return end(fail(problem('unavailable', 'too many uploads at once')));
        if (total > MAX_REQUEST_BYTES) return end(fail(problem('too-large', 'upload too long')));
        if (isActivity && size > 256 * 1024) return end(fail(problem('too-large', 'activity too long')));
        chunks.push(chunk);
      });
      stream.on('limit', () => {
        chunks.length = 0;
      });
      stream.on('close', () => {
        if (settled) return;
        const bytes = Buffer.concat(chunks);
        if (isActivity) activityJson = bytes.toString('utf8');
        else if (!stream.truncated) kept.bytes = bytes;
      });
      stream.on('error', () => end(fail(problem('bad-input', 'upload broke off'))));
    });
    parser.on('filesLimit', () => {
      dropped++;
    });
    parser.on('error', () => end(fail(problem('bad-input', 'upload not readable'))));
    parser.on('close', () => {
      const activity = parseActivity(activityJson);
      end(activity ? ok({ activity, files, dropped }) : fail(problem('bad-input', 'no activity in upload')));
    });
    req.on('close', () => {
      if (!req.complete) end(fail(problem('bad-input', 'upload broke off')));
    });
    req.pipe(parser);
  });
}

function parseActivity(json: string): ActivityIn | undefined {
  if (json === '') return { type: 'message', text: '' };
  try {
    return ActivityIn.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
