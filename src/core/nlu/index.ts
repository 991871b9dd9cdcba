// The front door of understanding: learn, open, hear, explain, measure. What is behind it may change freely.
export { findable, findProcedures, openCatalogue } from './catalogue.ts';
export { namedInEnglish } from './english.ts';
export { findEntities, findOffice, findWard, type Office, openGazetteer } from './entities/index.ts';
export { evaluate, type Report, type Trials } from './evaluate.ts';
export { type Explanation, explain } from './explain.ts';
export { floorsOf, raised } from './floors.ts';
export { type ForeignReport, type Line, measureForeign, pairLines, parseLabelled } from './foreign.ts';
export * from './heard.ts';
export { assembled, fitsModel, learn, learnFacets, learnMatters } from './learn.ts';
export { normalize, openLexicon } from './normalize.ts';
export { matchOption, type Offered } from './options.ts';
export { findPhrase, partedBy, phrasesIn, type Where } from './phrases.ts';
export { openReader, type Reader } from './reader.ts';
export { type Found, search } from './search.ts';
export { buildSearch, type SearchIndex } from './search-index.ts';
export { type Blind, type Meaning, parseBlind, parseMeanings } from './trials.ts';
export { understand } from './understand.ts';
