export * from './conversation.ts';
export { forget, mustForget } from './forget.ts';
export { appendEntry, firstUnsent, hasTold, knows, newConversation, wakeOf } from './log.ts';
export { takeNotice } from './notice.ts';
export { type Finished, takeTurn } from './take-turn.ts';
export type { TurnFacts, World } from './turn.ts';
