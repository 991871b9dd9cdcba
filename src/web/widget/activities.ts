// What is said, as the citizen sees it and as Direct Line writes it. Pure: knows no request and no line.
export interface Choice {
  id?: string;
  label: string;
  url?: string;
}
export interface Shown {
  /** Stable for a message from typing to reload. */
  key: string;
  /** Number in the log; absent until the server has it. */
  n?: number;
  at: number;
  from: 'citizen' | 'bot' | 'officer';
  text: string;
  choices?: Choice[];
  files?: { name: string; type: string; url: string }[];
  place?: { lat: number; lon: number };
  withdrawn?: boolean;
  state?: 'sending' | 'waiting' | 'failed';
  percent?: number;
  /** Code of the problem, when failed. */
  problem?: string;
}
/** A message on its way to the server. */
export interface Outgoing extends Shown {
  choice?: string;
  choiceOf?: number;
  upload?: File[];
  /** The server has it under this number; its echo is on the way. */
  taken?: boolean;
}
export interface Activity {
  type: string;
  id: string;
  timestamp: string;
  from: { id: string; role?: string };
  text?: string;
  attachments?: { contentType: string; name: string; contentUrl: string }[];
  suggestedActions?: { actions: { type: string; title: string; value: { choice: string } | string }[] };
  entities?: { geo?: { latitude: number; longitude: number } }[];
  channelData?: { clientActivityID?: string; officer?: boolean; withdrawn?: boolean; erased?: boolean };
}

/** The activity to send. */
export function activityOf(m: Outgoing, locale: string): object {
  return {
    type: 'message',
    text: m.text,
    locale,
    // The label is what the citizen read; the id is what was meant.
    ...(m.choice !== undefined && { value: { choice: m.choice, n: m.choiceOf } }),
    ...(m.place && { entities: [{ type: 'Place', geo: { latitude: m.place.lat, longitude: m.place.lon } }] }),
    channelData: { clientActivityID: m.key },
  };
}

/**
 * An address of our own server as a path: the page knows its own scheme and host (`home`) better than a server behind
 * a proxy. Of others, unchanged.
 */
export function homely(url: string, home: string): string {
  const { host, pathname, search, hash } = new URL(url, `http://${home}`);
  return host === home || pathname.startsWith('/v3/directline/') ? pathname + search + hash : url;
}

/** An activity of the log, to be seen on a page of `home`. */
export function shownOf(a: Activity, home: string): Shown {
  const geo = a.entities?.find((e) => e.geo)?.geo;
  return {
    key: a.channelData?.clientActivityID ?? `n${a.id}`,
    n: Number(a.id),
    at: Date.parse(a.timestamp),
    from: a.from.role === 'user' ? 'citizen' : a.channelData?.officer ? 'officer' : 'bot',
    text: a.text ?? '',
    withdrawn: a.channelData?.withdrawn,
    choices: a.suggestedActions?.actions.map((c) =>
      typeof c.value === 'string'
        ? { label: c.title, url: homely(c.value, home) }
        : { label: c.title, id: c.value.choice },
    ),
    files: a.attachments?.map((f) => ({
      name: f.name,
      type: f.contentType,
      url: homely(f.contentUrl, home),
    })),
    place: geo && { lat: geo.latitude, lon: geo.longitude },
  };
}
