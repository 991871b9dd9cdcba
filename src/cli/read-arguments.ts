// What was typed after a command. A mistake is one sentence that names it and how the command is used, exit code 2.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { takenByNpm } from '../config.ts';
import { give } from './give.ts';

type Shape = Pick<ParseArgsConfig, 'options'> & {
  /** How many words without a dash may stand; none unless told. */
  words?: number;
};
type Read<S extends Shape> = ReturnType<
  typeof parseArgs<{ options: NonNullable<S['options']>; allowPositionals: true }>
>;

/** The options and words given. `--help` prints the usage and ends with 0. */
export function readArguments<const S extends Shape>(usage: string, shape: S = {} as S): Read<S> {
  const options = shape.options ?? {};
  const words = shape.words ?? 0;
  const taken = takenByNpm(Object.keys(options));
  if (taken) {
    const typed = taken.options.map((o) => `--${o}`).join(' ');
    give(
      `npm đã giữ ${typed} cho riêng nó. Hãy gõ thêm " -- " ở trước: npm run ${taken.script} -- ${typed} … ${usage}`,
    );
  }
  const { tokens } = parseArgs({ options, allowPositionals: true, strict: false, tokens: true });
  const wrong = (what: string): never => give(`${what} ${usage}`);
  let seen = 0;
  for (const t of tokens) {
    if (t.kind === 'option-terminator') continue;
    if (t.kind === 'positional') {
      if (++seen > words) wrong(`Thừa "${t.value}".`);
      continue;
    }
    const known = options[t.name];
    if (!known && t.rawName === '--help') {
      console.log(usage);
      process.exit(0);
    }
    if (!known) return wrong(`Không có tùy chọn ${t.rawName}.`);
    if (known.type === 'boolean' && t.value !== undefined)
      wrong(`Tùy chọn ${t.rawName} không nhận giá trị ("${t.value}").`);
    // "--to --list": the value was left out; a lone "-" is standard input.
    const left = t.value === undefined || (!t.inlineValue && /^-./.test(t.value));
    if (known.type === 'string' && left) wrong(`Thiếu giá trị sau ${t.rawName}.`);
  }
  return parseArgs({ options, allowPositionals: true }) as Read<S>;
}

/** A whole number from 1 on; gives up naming the option. */
export function wholeNumber(option: string, typed: string): number {
  return /^[1-9]\d{0,8}$/.test(typed)
    ? Number(typed)
    : give(`${option} cần một số nguyên từ 1, không phải "${typed}".`);
}
