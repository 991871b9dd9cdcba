// What `understand` returns, and its closed lists. Shared by nlu, dialogue and the command `understand`.

/** What a message is, in law and in life. The outside contract of `npm run understand` (docs/operations.md). */
export const KINDS = [
  'procedure', // how, where, what papers, how long, how much
  'status', // where is my dossier / my case
  'phan-anh', // reports a fact or difficulty (Luật Tiếp công dân 2013 Đ.2)
  'kien-nghi', // proposes a change
  'khieu-nai', // asks to review a decision or act that hurts one's own right (Luật Khiếu nại 2011 Đ.2)
  'to-cao', // reports a violation of law by someone (Luật Tố cáo 2018 Đ.2)
  'information-request', // asks for a document the State holds (Luật Tiếp cận thông tin 2016)
  'private-dispute', // both sides private
  'crime-report', // a crime or scam to be reported to the police
  'emergency', // fire, violence, accident, self-harm now
  'law-question', // what does the law say, fines, rights
  'technical-support', // an app or portal does not work
  'agency-info', // address, phone, opening hours of an office
  'small-talk', // greeting, thanks, goodbye
  'human', // wants an officer
  'about-bot', // who are you, privacy, language, how to use
  'abuse', // insults
  'manipulation', // tries to change the bot's rules
  'out-of-scope', // not public administration
  'unclear', // nothing to go on
] as const;
export type Kind = (typeof KINDS)[number];

export const FACETS = [
  'overview',
  'documents',
  'time',
  'fee',
  'place',
  'steps',
  'online',
  'conditions',
  'result',
  'form',
  'legal-basis',
  'validity',
] as const;
export type Facet = (typeof FACETS)[number];

/** Entity types; docs/glossary.md says what each `value` looks like. */
export const ENTITY_TYPES = [
  'phone', // 10 digits, leading 0
  'date', // ISO date
  'date-range', // ISO date/ISO date
  'time', // HH:MM
  'duration', // ISO 8601 (P3D)
  'age', // whole years
  'case-code', // H78-HR7-K53
  'dossier-code', // as printed on the slip
  'procedure-code', // 1.001193
  'money', // đồng, whole number
  'agency', // agency id, or a name when unknown
  'ward', // ward id of places.yml
  'old-place', // an old ward or district name; value = ids of the new wards, parted by |
  'role', // vợ, con, mẹ, …: who the applicant is
  'identity-number', // 9 or 12 digits; never repeated to anyone
  'email',
  'street', // street name or house number with street
] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export interface Entity {
  type: EntityType;
  value: string;
  /** UTF-16 offsets into the text as typed; end exclusive. */
  start: number;
  end: number;
}

export const ACTIONS = ['answer', 'ask', 'rephrase', 'offer'] as const;
/** answer: sure · ask: two close, one short question · rephrase: unsure · offer: menu, person or filing. */
export type Action = (typeof ACTIONS)[number];

export interface Candidate {
  /** Intent id, `contrast:<id>` for a whole family of look-alikes. */
  intent: string;
  /** Calibrated probability, 0–1. */
  score: number;
}

export interface Heard {
  /** As typed, NFC. */
  text: string;
  kind: Kind;
  /** Best first; never empty unless nothing could be read. */
  intents: Candidate[];
  /** Best first, with the portal's code; those beyond the written intents come from the catalogue search. */
  procedures: { code: string; intent?: string; score: number }[];
  facets: Facet[];
  entities: Entity[];
  /** Calibrated probability that `kind` and the first intent are right, 0–1. */
  certainty: number;
  action: Action;
  /** The contrast whose question decides between the best candidates, when action is 'ask'. */
  contrast?: string;
  /** More than one matter in one message: each heard by itself, in order. Absent for one matter. */
  parts?: Heard[];
}

/** What the conversation knows that changes how a sentence is read. All optional: {} is a first turn. */
export interface HearContext {
  now: number;
  /** Intent last talked about: "thế còn lệ phí?" keeps it. */
  topic?: string;
}
