// Every setting, described once; the only reader of the environment. All faults are reported together.
import { z } from 'zod';
import { fail, ok, type Problem, problem, type Result } from './core/result.ts';

const flag = z
  .enum(['', '0', '1', 'true', 'false'], 'chỉ nhận 0 hoặc 1')
  .transform((v) => v === '1' || v === 'true');

const ADDRESS = 'phải là một địa chỉ đầy đủ, ví dụ https://motcua.hanoi.gov.vn';

interface Setting {
  name: string;
  doc: string;
  /** As it stands in .env.example when unset. */
  example: string;
  schema: z.ZodType<unknown, string>;
  fallback: string;
}

const SETTINGS = {
  port: {
    name: 'PORT',
    doc: 'Cổng HTTP. 0 = cổng trống bất kỳ.',
    example: '8080',
    schema: z
      .string()
      .regex(/^\d{1,5}$/, 'phải là số từ 0 đến 65535')
      .transform(Number)
      .refine((n) => n <= 65535, 'phải là số từ 0 đến 65535'),
    fallback: '8080',
  },
  host: {
    name: 'HOST',
    doc: 'Địa chỉ lắng nghe. 0.0.0.0 khi chạy trong container.',
    example: '127.0.0.1',
    schema: z.string().min(1),
    fallback: '127.0.0.1',
  },
  dataDir: {
    name: 'DATA_DIR',
    doc: 'Thư mục lưu dữ liệu khi dùng SQLite (mặc định).',
    example: './data',
    schema: z.string().min(1),
    fallback: './data',
  },
  mongodbUri: {
    name: 'MONGODB_URI',
    doc: 'Có thì lưu ở MongoDB thay cho SQLite. Nên có replicaSet, w=majority, readConcernLevel=majority.',
    example: 'mongodb://mongo1,mongo2,mongo3/motcua?replicaSet=rs0&w=majority&readConcernLevel=majority',
    schema: z.string().regex(/^$|^mongodb(\+srv)?:\/\//, 'phải bắt đầu bằng mongodb:// hoặc mongodb+srv://'),
    fallback: '',
  },
  telegramToken: {
    name: 'TELEGRAM_BOT_TOKEN',
    doc: 'Mã của bot do BotFather cấp. Có thì bật Telegram.',
    example: '123456:AA…',
    schema: z.string().regex(/^$|^\d+:[A-Za-z0-9_-]+$/, 'phải có dạng 123456:AA… như BotFather cấp'),
    fallback: '',
  },
  telegramApiRoot: {
    name: 'TELEGRAM_API_ROOT',
    doc: 'Địa chỉ Bot API (đổi khi dùng máy chủ Bot API riêng hoặc thử nghiệm).',
    example: 'https://api.telegram.org',
    schema: z.url(ADDRESS),
    fallback: 'https://api.telegram.org',
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    doc: 'Địa chỉ công khai của dịch vụ. Có thì Telegram dùng webhook thay cho hỏi dần, và bot gửi được liên kết tới trang điền thông tin liên hệ.',
    example: 'https://motcua.hanoi.gov.vn',
    schema: z.union([z.literal(''), z.url(ADDRESS)], ADDRESS).transform((u) => u.replace(/\/+$/, '')),
    fallback: '',
  },
  officialChannel: {
    name: 'OFFICIAL_CHANNEL',
    doc: 'Đặt 1 khi thành phố đã công bố đây là kênh tiếp nhận phản ánh (Nghị định 224/2026/NĐ-CP, Điều 10).',
    example: '0',
    schema: flag,
    fallback: '0',
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    doc: 'Số proxy đứng trước: có thì tin X-Forwarded-For (địa chỉ người gửi, để giới hạn tần suất), X-Forwarded-Proto và X-Forwarded-Host (để liên kết ảnh, tệp đúng https và tên miền).',
    example: '0',
    schema: z.string().regex(/^\d$/, 'phải là một chữ số').transform(Number),
    fallback: '0',
  },
  embedOrigins: {
    name: 'EMBED_ORIGINS',
    doc: 'Các trang được nhúng khung chat, cách nhau bằng dấu phẩy; * = mọi trang.',
    example: '*',
    schema: z.string().transform((s) =>
      s
        .split(',')
        .map((x) => x.trim())
        .filter(Boolean),
    ),
    fallback: '*',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    doc: 'Mức nhật ký: debug, info, warn, error, silent (không ghi).',
    example: 'info',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'không có mức này'),
    fallback: 'info',
  },
} satisfies Record<string, Setting>;

export type Config = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['schema']> };

/** Reads the settings; Problems name each wrong variable and what it should look like. */
export function loadConfig(env: Record<string, string | undefined> = process.env): Result<Config> {
  const faults: Problem[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, s] of Object.entries(SETTINGS)) {
    const parsed = s.schema.safeParse(env[s.name]?.trim() || s.fallback);
    if (parsed.success) config[key] = parsed.data;
    else faults.push(problem('bad-input', `${s.name}: ${parsed.error.issues[0]!.message}. ${s.doc}`, s.name));
  }
  return faults.length > 0 ? fail(...faults) : ok(config as Config);
}

/** The config, or every fault on stderr and exit code 2. For entries. */
export function configOrExit(): Config {
  const config = loadConfig();
  if (config.ok) return config.value;
  for (const p of config.problems) console.error(p.message);
  process.exit(2);
}

/** The text of .env.example. */
export function describeSettings(): string {
  const head =
    '# Sinh ra từ src/config.ts bằng `npm run env`. Không dòng nào bắt buộc: bỏ trống là dùng mặc định.\n';
  return `${head}${Object.values(SETTINGS)
    .map(
      (s: Setting) =>
        `\n# ${s.doc}${s.fallback ? ` Mặc định: ${s.fallback}` : ''}\n#${s.name}=${s.example}\n`,
    )
    .join('')}`;
}

/**
 * Those of a command's options that npm took for itself: typed before "--", they come here as variables at most, without
 * their values. Unseen, a rollback would be a release.
 */
export function takenByNpm(options: string[]): { script: string; options: string[] } | undefined {
  const { npm_lifecycle_event: script } = process.env;
  const taken = options.filter(
    (o) => !OF_NPM.includes(o) && process.env[`npm_config_${o.replaceAll('-', '_')}`] !== undefined,
  );
  return script !== undefined && taken.length > 0 ? { script, options: taken } : undefined;
}

/** npm has settings of these names: one from the operator's .npmrc comes here just as a typed one does. */
const OF_NPM = ['all', 'force', 'json'];
