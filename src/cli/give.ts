// How a command gives up before it has done anything.
import { readFileSync } from 'node:fs';

/** Wrong content or arguments: said on stderr, exit code 2. */
export function give(up: string): never {
  process.stderr.write(`${up}\n`);
  process.exit(2);
}

/** A file that was named; `-` is standard input. Gives up when it cannot be read. */
export function readGiven(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch {
    return give(`Không đọc được tệp ${path}.`);
  }
}

/** What was opened, or the end with why it could not be. */
export async function openOrGive<T>(open: Promise<T>): Promise<T> {
  return open.catch((fault: unknown) =>
    give(`Không mở được kho dữ liệu: ${fault instanceof Error ? fault.message : fault}`),
  );
}
