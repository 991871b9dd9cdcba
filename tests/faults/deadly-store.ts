// Preloaded into a real server: its store writes as ever, but right before or right after the write that a test has
// named the process sends itself SIGKILL. DEADLY is a file: the plan; what was written since it was laid stands beside it.
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Store } from '../../src/app/ports.ts';

/** The n-th write since it was laid, from 1; none for 0: then the writes are only noted. */
export interface Plan {
  id: number;
  when: 'before' | 'after';
  n: number;
}
export const notesOf = (plan: string): string => `${plan}.writes`;

const WRITES: { [K in keyof Store]?: string[] } = {
  conversations: ['save', 'remove'],
  cases: ['save', 'remove'],
  contacts: ['save', 'remove'],
  releases: ['add', 'makeLive'],
  files: ['put', 'remove'],
};

let counted = { plan: 0, writes: 0 };
/** The same store, whose writes follow the plan. */
export function deadly(store: Store): Store {
  const port = (name: keyof Store): object =>
    new Proxy(store[name], {
      get: (own, method) => {
        const plain = Reflect.get(own, method);
        if (!WRITES[name]!.includes(String(method))) return plain;
        return async (...args: unknown[]) => {
          const plan = laid();
          if (!plan) return plain.apply(own, args);
          if (counted.plan !== plan.id) counted = { plan: plan.id, writes: 0 };
          const n = ++counted.writes;
          appendFileSync(notesOf(process.env.DEADLY!), `${name}.${String(method)}\n`);
          if (plan.n === n && plan.when === 'before') die();
          const done = await plain.apply(own, args);
          if (plan.n === n && plan.when === 'after') die();
          return done;
        };
      },
    });
  return {
    ...store,
    ...Object.fromEntries(Object.keys(WRITES).map((name) => [name, port(name as keyof Store)])),
  };
}

function laid(): Plan | undefined {
  try {
    return JSON.parse(readFileSync(process.env.DEADLY!, 'utf8')) as Plan;
  } catch {
    return undefined;
  }
}

function die(): void {
  // Whoever is started next is to live.
  rmSync(process.env.DEADLY!);
  process.kill(process.pid, 'SIGKILL');
}

/** Both stores are opened through this file, wherever they are imported. */
registerHooks({
  load(url, context, next) {
    const opens = /\/src\/store\/(sqlite|mongo)\/index\.ts$/.exec(url)?.[1];
    if (!opens) return next(url, context);
    const name = `open${opens[0]!.toUpperCase()}${opens.slice(1)}`;
    const source = `
      export * from '${url}?itself';
      import { ${name} as open } from '${url}?itself';
      import { deadly } from '${import.meta.url}';
      export const ${name} = async (opts) => deadly(await open(opts));
    `;
    return { format: 'module', shortCircuit: true, source };
  },
});
