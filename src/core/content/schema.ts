// The shape of everything editors write: intents/**.yml and locales/**.yml. One zod schema a concept.
// Says nothing about how content is checked as a whole (validate.ts) or said (render.ts).
import { z } from 'zod';
import { ENTITY_TYPES, FACETS, KINDS } from '../nlu/heard.ts';
import { SAYINGS } from './sayings.ts';

/** Ids are ASCII kebab-case Vietnamese. */
export const Id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'viết chữ thường không dấu, nối bằng gạch ngang');
const Text = z.string().trim().min(1);
export const IsoDate = z.iso.date('ngày viết dạng 2026-11-24');
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'giờ viết dạng 15:00');

/** Equality and membership over answers already given, and nothing else (flow/when.ts). */
export const When = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));
export type When = z.infer<typeof When>;

/** One line of a fact. With `when` it is shown once the answers say so; unanswered, it is shown as it reads. */
export const Line = z.union([
  Text,
  z.strictObject({
    text: Text,
    when: When.optional(),
    /** Told in an overview too, though its field is not: what nobody may miss, as the days one has. */
    overview: z.literal(true).optional(),
    /** First and last day on which the line is true (discounts end). */
    from: IsoDate.optional(),
    until: IsoDate.optional(),
  }),
]);
export type Line = z.infer<typeof Line>;

/** A time limit that can be counted (answers name the date). */
export const Limit = z.strictObject({
  amount: z.number().int().min(0),
  unit: z.enum(['working-day', 'day', 'working-hour', 'same-day']),
  /** Same-day procedures: handed in after this hour counts as the next working day. */
  cutoff: Clock.optional(),
  when: When.optional(),
});

/** A checked fact. Absent = unknown, never "none". */
export const Fact = z.strictObject({
  value: z.union([Text, z.array(Line).min(1)]),
  /** Only for `time`. */
  limit: z.array(Limit).optional(),
  /** Where it was read, as said to a citizen: "bản công bố của Bộ Tư pháp (163/QĐ-BTP), chụp tháng 7/2026". */
  source: Text,
  /** Articles of law, when the fact was read in a law. */
  norm: Text.optional(),
  checked: IsoDate,
  /** Read in a quotation or another copy, not in the norm itself: the answer adds a reminder to check. */
  quoted: z.boolean().optional(),
});
export type Fact = z.infer<typeof Fact>;

/** Facets that are facts, and who handles it. `overview` is assembled from them. */
export const FACT_FIELDS = ['agency', ...FACETS.filter((f) => f !== 'overview')] as const;
export type FactField = 'agency' | Exclude<(typeof FACETS)[number], 'overview'>;

export const QUESTION_TYPES = [
  'choice',
  'yes-no',
  'text',
  'number',
  'date',
  'phone',
  'place',
  'ward', // put behind every place step by parse: the ward the place lies in
  'files',
  'confirm',
] as const;

/** 'fee', 'fee+time'. */
const FACET_KEY = new RegExp(`^(${FACETS.join('|')})(\\+(${FACETS.join('|')}))*$`);

const Examples = z.array(Text).default([]);

/** Whole years, from … to under …. */
const Ages = z.strictObject({ from: z.number().int().optional(), under: z.number().int().optional() });

/** Hours of the day, from … to …; past midnight when the second is the smaller. */
const Hour = z.number().int().min(0).max(24);

/**
 * `also`: ways to answer with this option when asked. What settles it in any message: `hints`, phrases; `ages`, an age
 * named in years, from … to under …; `hours`, clock times, all of them within; `foreigner`, a nationality that is not
 * Vietnamese, said in whatever words.
 */
export const Option = z.strictObject({
  also: Examples,
  hints: Examples,
  ages: Ages.optional(),
  hours: z.tuple([Hour, Hour]).optional(),
  foreigner: z.literal(true).optional(),
});
export type Option = z.infer<typeof Option>;

export const Step = z.strictObject({
  ask: Id,
  type: z.enum(QUESTION_TYPES),
  /** For choice: option id -> how else it is said (understanding, not wording). */
  options: z.record(Id, Option).optional(),
  when: When.optional(),
  /** Settled before any fact is stated, whatever was asked (nationality). Others only before overview and documents. */
  first: z.boolean().optional(),
  /** Option taken when the citizen goes on with the matter instead of answering; said so. */
  assume: Id.optional(),
  /** Never asked: `assume` holds until a message says otherwise. */
  unasked: z.literal(true).optional(),
  /** For text: an entity of this type in any message settles it (agency, dossier-code, case-code). */
  entity: z.enum(ENTITY_TYPES).optional(),
  /** May be skipped by the citizen ("bỏ qua"). */
  optional: z.boolean().optional(),
  /** For text: the opening message is taken as the answer when it says enough. */
  fromOpening: z.boolean().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
});
export type Step = z.infer<typeof Step>;

/** First whose `when` holds. `say`: the wording; `open`: a case is filed after review; `go`: another intent. */
export const Outcome = z.strictObject({
  say: z.string().optional(),
  open: z.literal(true).optional(),
  go: Id.optional(),
  when: When.optional(),
});
export type Outcome = z.infer<typeof Outcome>;

const common = {
  id: Id,
  /** Trained on. */
  examples: Examples,
  /** Never trained on; written before the examples, by another hand where possible. */
  tests: Examples,
  flow: z.array(Step).default([]),
};

export const Procedure = z.strictObject({
  ...common,
  /** Portal code, '1.001193'; absent while none is known. */
  code: z
    .string()
    .regex(/^\d\.\d{6}$/, 'mã thủ tục viết dạng "1.001193"')
    .optional(),
  /** Official name as published. */
  name: Text,
  group: Id,
  /** Short names and things people call it; used by search, not shown. */
  aliases: z.array(Text).default([]),
  /** Examples by what they ask for: a facet, or several joined by +. They train the intent as the others do. */
  asks: z
    .record(
      z.string().regex(FACET_KEY, `phải là một mục, hay nhiều mục nối bằng +: ${FACETS.join(', ')}`),
      z.array(Text).min(1),
    )
    .default({}),
  facts: z.partialRecord(z.enum(FACT_FIELDS as unknown as [FactField, ...FactField[]]), Fact).default({}),
  /** Reported newer norms: every answer carries the warning. */
  newer: Text.optional(),
  /**
   * Where it is published that its applicants are Vietnamese citizens: a foreigner is told so, and none of its facts.
   * Not for procedures that ask for the nationality themselves.
   */
  citizens: z.strictObject({ source: Text, checked: IsoDate }).optional(),
  outcomes: z.array(Outcome).default([]),
});
export type Procedure = z.infer<typeof Procedure>;

export const Topic = z.strictObject({
  ...common,
  kind: z.enum(['phan-anh', 'kien-nghi']).default('phan-anh'),
  /** Key of deadlines.yml. */
  deadline: Id,
  /** Storms, open manholes. Not used yet: lists should show them first. */
  urgent: z.boolean().optional(),
  /** The unit complained about is asked for and never becomes the owner. */
  against: z.boolean().optional(),
  /** What a question that sounds like this report asks of the procedure told last: "phường bảo nộp 50 nghìn, đúng không". */
  fact: z.enum(FACETS).optional(),
  outcomes: z.array(Outcome).min(1),
});
export type Topic = z.infer<typeof Topic>;

/** What the dialogue does for a general intent; wording is `<id>` unless `say` names another. */
export const ACTS = [
  'say', // just answers
  'officer', // written route and hotline, ticket
  'case-status', // my report
  'dossier-status', // my dossier at an office: this bot cannot see it
  'cancel',
  'back',
  'restart',
  'resume', // go on with what was interrupted
  'language-vi',
  'language-en',
  'privacy',
  'erase',
  'repeat', // say it again, "thế là sao"
  'more', // in more detail
  'correct', // "không, ý tôi là …": what was understood was wrong
  'withdraw', // take my report back
  'add', // more about a report already sent
  'solved', // what was reported is done
  'unsolved', // it is not: reopen
  'english', // a procedure asked about in English: found by its English names
  'compare', // what is the difference between two procedures
  'which-ward', // what is this old place today
  'recipient', // who receives the report that is being made, and why
  'office', // where offices are and when they are open: a day that was named is looked up in the calendar
  'yes',
  'no',
  'skip',
  'safe-card', // khiếu nại, tố cáo, bribe, self-harm, violence, fire: no case, sensitive
] as const;

export const General = z.strictObject({
  ...common,
  kind: z.enum(KINDS),
  do: z.enum(ACTS).default('say'),
  say: z.string().optional(),
  /** Slash commands that mean this and nothing else ('/riengtu'). */
  commands: z.array(z.string().regex(/^\/[a-z]+$/, 'lệnh viết dạng /riengtu')).default([]),
  /** Own threshold (0–1); wins over a better-scored unprotected intent once reached. */
  floor: z.number().min(0).max(1).optional(),
  /** Buttons under the answer: ids of intents. */
  offer: z.array(Id).default([]),
  outcomes: z.array(Outcome).default([]),
});
export type General = z.infer<typeof General>;

export type Intent =
  | ({ type: 'procedure' } & Procedure)
  | ({ type: 'topic' } & Topic)
  | ({ type: 'general' } & General);

/** Look-alikes and the one question that tells them apart. Wording: `contrast.<id>` and `contrast.<id>.<option>`. */
export const Contrast = z.strictObject({
  id: Id,
  /** Vague sayings that mean the whole family ("làm căn cước"). */
  examples: Examples,
  tests: Examples,
  /** option -> intent id, or contrast:<id> for a next question. With other ways to say it, and the ages it is for. */
  options: z.record(Id, z.strictObject({ to: Text, also: z.array(Text).default([]), ages: Ages.optional() })),
});
export type Contrast = z.infer<typeof Contrast>;
export const Contrasts = z.array(Contrast);

export const Facets = z.partialRecord(
  z.enum(FACETS),
  z.strictObject({
    examples: Examples,
    tests: Examples,
    /** ways to ask it that may stand alone; in training also put behind a procedure's name */ tails:
      Examples,
    /** ways that say nothing alone: only behind a name */ after: Examples,
    /** only before a name */ before: Examples,
  }),
);

export const Officer = z.strictObject({ id: Id, name: Text, title: Text.optional() });
export const Agency = z.strictObject({
  id: Id,
  name: Text,
  /** Other names, old ones too; used to recognise it in a message. */
  aliases: z.array(Text).default([]),
  phone: Text.optional(),
  address: Text.optional(),
  /** Key of deadlines.yml instead of the topic's: an enterprise is bound by no law on receiving citizens. */
  deadline: Id.optional(),
  /** Agency above, who decides when this one is complained about. */
  parent: Id.optional(),
  officers: z.array(Officer).default([]),
  source: Text,
  checked: IsoDate,
});
export type Agency = z.infer<typeof Agency>;

/** Every ward has one of each; id `<prefix>-<ward id>`, name with {ward} ("phường Ba Đình"). */
export const WardAgency = z.strictObject({
  prefix: Id,
  name: Text,
  aliases: z.array(Text).default([]),
  parent: Id,
  /** Of a ward agency that has none of its own; the agency's id is put behind theirs. */
  officers: z.array(Officer).default([]),
  source: Text,
  checked: IsoDate,
});
/**
 * By which words an answer to "which office?" names one that is not listed, to be kept as said: `whole` names it by
 * themselves, `kinds` with a name after; `fillers` are no name, `endings` are left out of one.
 */
export const Unlisted = z.strictObject({
  whole: Examples,
  kinds: Examples,
  fillers: Examples,
  endings: Examples,
});
export const Agencies = z.strictObject({
  agencies: z.array(Agency),
  perWard: z.array(WardAgency),
  unlisted: Unlisted.default({ whole: [], kinds: [], fillers: [], endings: [] }),
  /** Officers of ward agencies, for the pilot: agency id -> officers. */
  officers: z.record(Id, z.array(Officer)).default({}),
});

/** Ordered, first match wins. `to`: agency id, or `<prefix>-*` for the ward of the place. */
export const RoutingRule = z.strictObject({
  id: Id,
  topics: z.array(Id).min(1),
  when: When.optional(),
  /** Only when one of these is complained about: agency id, or `<prefix>-*`. */
  against: z.array(Text).min(1).optional(),
  /** In order of preference; one complained about is passed over. */
  to: z.array(Text).min(1),
  why: Text,
});
export const Routing = z.array(RoutingRule);

export const Deadline = z.strictObject({
  n: z.number().int().positive(),
  unit: z.enum(['working-day', 'day', 'working-hour']),
  /** The law counts from receipt; nothing here is counted from anything else. */
  from: z.literal('opened'),
  /** law: a statute sets it, named in `law` · target: the product's own aim, without one. */
  kind: z.enum(['law', 'target']),
  law: Text.optional(),
  source: Text,
  checked: IsoDate,
});
export type Deadline = z.infer<typeof Deadline>;
export const Deadlines = z.record(Id, Deadline);

export const Calendar = z.strictObject({
  version: Text,
  /** Two spans a day in Hà Nội time. A setting, not a published fact. */
  hours: z.array(z.strictObject({ from: Clock, to: Clock })).min(1),
  off: z.array(
    z.strictObject({
      from: IsoDate,
      to: IsoDate.optional(),
      name: Text,
      source: Text,
      checked: IsoDate,
    }),
  ),
  /** Saturdays worked to make up for swapped days. */
  makeup: z.array(IsoDate).default([]),
});
export type Calendar = z.infer<typeof Calendar>;

export const Ward = z.strictObject({ id: Id, name: Text, kind: z.enum(['phường', 'xã']), code: Text });
export const OldPlace = z.strictObject({
  name: Text,
  kind: z.enum(['phường', 'xã', 'thị trấn']),
  wards: z.array(Id).min(1),
});
export const Places = z.strictObject({
  source: Text,
  checked: IsoDate,
  wards: z.array(Ward),
  old: z.array(OldPlace),
  /** Abolished districts; the bot asks which ward. */
  districts: z.array(Text),
  /** The wards to offer for an old district: most of its ground, its namesake first. */
  districtWards: z.record(Text, z.array(Id)).optional(),
  /** A street's name typed without capitals: what may begin it, and what ends it. */
  streets: z.strictObject({
    first: z.array(Text),
    /** Of these, without diacritics, the ones that are still more a street's name than another word. */
    bareFirst: z.array(Text),
    /** Whole names of one word. */
    alone: z.array(Text),
    /** Folded; one word or two. */
    end: z.array(Text),
  }),
});
export type Places = z.infer<typeof Places>;

/** Abbreviations, slang and regional words. See nlu/normalize for how `near` and `never` are applied. */
export const Abbreviation = z.strictObject({
  short: Text,
  /** One meaning, or several (ambiguous: left as typed and asked about). */
  means: z.union([Text, z.array(Text).min(2)]),
  /** Only when one of these words stands in the sentence. */
  near: z.array(Text).optional(),
  /** Only directly after one of these. */
  after: z.array(Text).optional(),
  never: z.array(Text).optional(),
});
export const Abbreviations = z.strictObject({
  abbreviations: z.array(Abbreviation),
  slang: z.record(z.string(), Text),
  regional: z.record(z.string(), Text),
});

/**
 * What is asked besides the facets, in a few words after an answer: `said` names it, and lines of the checked facts
 * with one of `lines` answer it. `opens`: also in a first question. Wording: `hoi-them.<id>`, a noun.
 */
export const Point = z.strictObject({
  said: z.array(Text).min(1),
  lines: z.array(Text).min(1),
  opens: z.boolean().optional(),
});
export const Points = z.record(Id, Point);

/** Intent id or contrast:<id> -> English names of it: each word of a name must stand in a message that means it. */
export const English = z.record(Text, z.array(Text).min(1));

/** What citizens call it -> how records call it; used by search only. */
export const Synonyms = z.record(z.string(), z.array(Text).min(1));

/**
 * Set phrases and the small words of grammar, recognised word by word. intents/cach-noi.yml says what each list is for
 * and how a phrase is written.
 */
export const Phrases = z.strictObject(
  Object.fromEntries(SAYINGS.map((name) => [name, Examples])) as Record<
    (typeof SAYINGS)[number],
    typeof Examples
  >,
);
export type Phrases = z.infer<typeof Phrases>;

/** Flat: 'khai-sinh.noi-sinh' -> text with {slots}. Nested YAML is joined by dots; `_` is the node itself. */
export type Wording = Record<string, string>;

export type Locale = 'vi' | 'en';

export interface Content {
  intents: Map<string, Intent>;
  contrasts: Map<string, Contrast>;
  facets: z.infer<typeof Facets>;
  agencies: Map<string, Agency>;
  wardAgencies: z.infer<typeof WardAgency>[];
  unlisted: z.infer<typeof Unlisted>;
  routing: z.infer<typeof Routing>;
  deadlines: z.infer<typeof Deadlines>;
  calendar: Calendar;
  places: Places;
  abbreviations: z.infer<typeof Abbreviations>;
  synonyms: z.infer<typeof Synonyms>;
  points: z.infer<typeof Points>;
  english: z.infer<typeof English>;
  phrases: Phrases;
  wording: Record<Locale, Wording>;
  /** `file:line` of an intent id, `agency:<id>`, `contrast:<id>`, `vi:<wording id>` or file, and a path inside it. */
  at: (what: string, path?: readonly PropertyKey[]) => string;
}

/** path -> text, e.g. 'intents/thu-tuc/dang-ky-khai-sinh.yml'. */
export type Sources = Record<string, string>;
