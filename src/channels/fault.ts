// An exception as a log may hold it: what kind, and where it was thrown. Never its message: parsers and stores
// quote what a citizen wrote.

/** Kind, code and the innermost places of a thrown thing. */
export function faultOf(error: unknown): { name: string; code?: string; at: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const { code } = error as { code?: unknown };
  const places = (error.stack ?? '').match(/[\w./-]+:\d+:\d+/g) ?? [];
  return {
    name: error.name,
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
    at: places.slice(0, 3).map((p) => p.split('/').slice(-2).join('/')),
  };
}
