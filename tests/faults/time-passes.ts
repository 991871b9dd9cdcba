// What a killed process leaves waits for its minute: suites that kill often do not wait with it.
import type { Store } from '../../src/app/ports.ts';
import type { ConversationId } from '../../src/core/message.ts';

/** What waits for its minute waits no longer: a sending that nobody finished, a case whose note was lost. */
export async function timePasses(store: Store, id: ConversationId): Promise<void> {
  const wakeAt = Date.now();
  for (let saved = false; !saved; ) {
    const c = (await store.conversations.load(id))!;
    const log = c.log.map((e) =>
      e.delivery?.state === 'sending' ? { ...e, delivery: { ...e.delivery, until: wakeAt } } : e,
    );
    saved = await store.conversations.save({ ...c, log, wakeAt });
  }
  for (const c of await store.cases.find({ follower: id })) await store.cases.save({ ...c, wakeAt });
}
