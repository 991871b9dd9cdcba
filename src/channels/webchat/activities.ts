// The two translations between Bot Framework activities and the house's own words: an activity a page sent
// becomes an Inbound, an entry of the log becomes an activity. Pure; knows no request and no socket.
import { createHash } from 'node:crypto';
import type { Activity, CardAction } from 'botbuilder-core';
import { z } from 'zod';
import type { Conversation, Entry } from '../../core/dialogue/conversation.ts';
import type { FileRef, Inbound, Instant } from '../../core/message.ts';
import type { Session } from './tokens.ts';

const Press = z.object({ choice: z.string().min(1).max(48), n: z.number().int().positive().optional() });
const Place = z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) });

/** What a page may send. `from`, `id` and `timestamp` are not read: the token says who, the server says when. */
export const ActivityIn = z.object({
  type: z.string().max(50),
  name: z.string().max(100).nullish(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  locale: z.string().max(35).nullish(),
  channelData: z
    .looseObject({ clientActivityID: z.string().min(1).max(500).optional() })
    .nullish()
    .catch(null),
  entities: z.array(z.unknown()).max(20).nullish().catch(null),
});
export type ActivityIn = z.infer<typeof ActivityIn>;

const OPENING = 'web:open:';
const OPENINGS = new Set(['open', 'webchat/join', 'startConversation']);

/** A client's id as part of a key: what is long, odd or could be taken for an opening goes by its digest. */
const plainId = (client: string): string =>
  /^[\w.-]{1,120}$/.test(client) ? client : createHash('sha256').update(client).digest('hex');

function pressed(value: unknown): z.infer<typeof Press> | undefined {
  if (typeof value !== 'string') return Press.safeParse(value).data;
  try {
    return Press.safeParse(JSON.parse(value)).data;
  } catch {
    return Press.safeParse({ choice: value }).data;
  }
}

function pinned(entities: unknown): { lat: number; lon: number } | undefined {
  if (!Array.isArray(entities)) return undefined;
  for (const entity of entities) {
    const geo = Place.safeParse((entity as { geo?: unknown } | null)?.geo ?? entity).data;
    if (geo) return { lat: geo.latitude, lon: geo.longitude };
  }
  return undefined;
}

/** The message in an activity, or undefined when there is nothing in it to answer (typing, unknown events). */
export function toInbound(
  activity: Pick<Activity, 'type'> & Partial<Activity>,
  session: Session,
  now: Instant,
  freshKey: () => string,
): Inbound | undefined {
  const client = (activity.channelData as { clientActivityID?: string } | null | undefined)?.clientActivityID;
  const id = client ? plainId(client) : freshKey();
  const inbound: Inbound = {
    conversation: session.conversation,
    key: `web:${id}`,
    at: now,
    text: '',
  };
  if (client) inbound.client = client;
  if (activity.locale) inbound.language = activity.locale;
  if (activity.type === 'event') {
    if (!activity.name || !OPENINGS.has(activity.name)) return undefined;
    return { ...inbound, key: `${OPENING}${id}`, opening: true };
  }
  if (activity.type !== 'message') return undefined;
  // NUL and halves of surrogate pairs carry no words and break what stores and draws them.
  inbound.text = (activity.text ?? '').toWellFormed().replaceAll('\0', '');
  const press = activity.value == null ? undefined : pressed(activity.value);
  if (press) {
    inbound.choice = press.choice;
    if (press.n !== undefined) inbound.choiceOf = press.n;
  }
  const location = pinned(activity.entities);
  if (location) inbound.location = location;
  return inbound;
}

export interface Frame {
  activities: Partial<Activity>[];
  watermark: string;
}

/** Entries a page at this watermark has not seen. A watermark the log never reached belongs to an erased past. */
export function unseen(conversation: Conversation | undefined, watermark: number): Entry[] {
  if (!conversation) return [];
  const from = watermark >= conversation.next ? 0 : watermark;
  // Opening the page is no word of the citizen's, though the log keeps it.
  return conversation.log.filter((e) => e.n > from && !(e.from === 'citizen' && e.key?.startsWith(OPENING)));
}

/** One entry as an activity. `link` gives the address at which one of its files can be fetched for a while. */
export async function toActivity(
  entry: Entry,
  conversation: Conversation,
  link: (file: FileRef) => Promise<string>,
  absolute: (url: string) => string,
): Promise<Partial<Activity>> {
  const citizen = entry.from === 'citizen';
  const activity: Partial<Activity> = {
    type: 'message',
    id: String(entry.n),
    // Over the wire it is the ISO text that the type calls Date.
    timestamp: new Date(entry.at),
    channelId: 'directline',
    conversation: { id: conversation.id } as Activity['conversation'],
    from: citizen
      ? ({ id: 'citizen', role: 'user' } as Activity['from'])
      : ({ id: entry.from, name: 'Một Cửa', role: 'bot' } as Activity['from']),
    locale: conversation.locale,
    text: entry.text,
    textFormat: 'plain',
    channelData: {
      ...(entry.client !== undefined && citizen && { clientActivityID: entry.client }),
      ...(entry.say !== undefined && { say: entry.say }),
      ...(entry.from === 'officer' && { officer: true }),
      // The one thing left of a talk that was longer: pages drop what they still show of it.
      ...(conversation.log.length === 1 && entry.n > 1 && !citizen && { erased: true }),
      ...(entry.sensitive && entry.text === '' && { withdrawn: true }),
    },
  };
  if (!citizen && entry.key !== undefined) activity.replyToId = replyTo(entry, conversation);
  if (entry.choices?.length) {
    const actions = entry.choices.map(
      (c): CardAction =>
        c.url === undefined
          ? { type: 'postBack', title: c.label, value: { choice: c.id, n: entry.n } }
          : { type: 'openUrl', title: c.label, value: absolute(c.url) },
    );
    activity.suggestedActions = { to: [], actions };
  }
  if (entry.files?.length)
    activity.attachments = await Promise.all(
      entry.files.map(async (f) => {
        const contentUrl = await link(f);
        const thumbnail = f.type.startsWith('image/') && { thumbnailUrl: contentUrl };
        return { contentType: f.type, name: f.name, contentUrl, ...thumbnail };
      }),
    );
  if (entry.location)
    activity.entities = [
      {
        type: 'Place',
        geo: {
          type: 'GeoCoordinates',
          latitude: entry.location.lat,
          longitude: entry.location.lon,
        },
      },
    ];
  return activity;
}

function replyTo(entry: Entry, conversation: Conversation): string | undefined {
  const said = conversation.log.find((e) => e.from === 'citizen' && e.key === entry.key);
  return said ? String(said.n) : undefined;
}
