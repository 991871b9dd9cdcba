// Bot Framework's seat in the house: every activity a page sends passes through this BotAdapter and its
// middleware before it becomes an Inbound. It never keeps an activity: the conversation's log does.
import { type Activity, BotAdapter, type ResourceResponse, TurnContext } from 'botbuilder-core';
import type { Inbound } from '../../core/message.ts';
import { toInbound } from './activities.ts';
import type { WebChatHouse } from './house.ts';
import type { Session } from './tokens.ts';

/** Thrown when the house could not take the message now; the sender keeps it and repeats it. */
export class Busy extends Error {}

export class WebChatAdapter extends BotAdapter {
  readonly #house: Pick<WebChatHouse, 'converse' | 'clock' | 'ids'>;

  constructor(house: Pick<WebChatHouse, 'converse' | 'clock' | 'ids'>) {
    super();
    this.#house = house;
  }

  /**
   * Takes one activity. Resolves once it is durable, with the key under which the log knows it; undefined when
   * there was nothing to answer. Throws Busy, or what the store threw.
   */
  async receive(
    activity: Partial<Activity> & Pick<Activity, 'type'>,
    session: Session,
    more: Pick<Inbound, 'files' | 'refused' | 'language'> = {},
  ): Promise<string | undefined> {
    let key: string | undefined;
    const context = new TurnContext(this, {
      ...activity,
      channelId: 'directline',
      conversation: { id: session.conversation } as Activity['conversation'],
      from: { id: session.user, role: 'user' } as Activity['from'],
    });
    await this.runMiddleware(context, async (turn) => {
      const inbound = toInbound(turn.activity, session, this.#house.clock.now(), this.#house.ids);
      if (!inbound) return;
      const full = { ...inbound, ...more, language: inbound.language ?? more.language };
      if ((await this.#house.converse(full)) === 'busy') throw new Busy();
      key = full.key;
    });
    return key;
  }

  /** The bot speaks through the log alone, so that what was said is on record before it is heard. */
  override sendActivities(): Promise<ResourceResponse[]> {
    throw new Error('web chat: say it through the conversation, not through the adapter');
  }
  override updateActivity(): Promise<ResourceResponse> {
    throw new Error('web chat: what was said stays said');
  }
  override deleteActivity(): Promise<void> {
    throw new Error('web chat: what was said stays said');
  }
  /** Runs `logic` on a conversation without a message in it, through the same middleware. */
  override async continueConversation(
    reference: Parameters<BotAdapter['continueConversation']>[0],
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<void> {
    const activity = TurnContext.applyConversationReference(
      { type: 'event', name: 'continueConversation' },
      reference,
      true,
    );
    await this.runMiddleware(new TurnContext(this, activity), logic);
  }
}
