// What is named in a message: numbers, dates, codes, agencies, places, people. Knows no intent and no wording.
import type { Content } from '../../content/schema.ts';
import type { Entity } from '../heard.ts';
import type { Normalized } from '../normalize.ts';

export interface Gazetteer {
  content: Pick<Content, 'places' | 'agencies' | 'wardAgencies'>;
}
export function openGazetteer(content: Pick<Content, 'places' | 'agencies' | 'wardAgencies'>): Gazetteer {
  return { content };
}
export function findEntities(_n: Normalized, _g: Gazetteer, _now: number): Entity[] {
  return [];
}
export function findWard(_text: string, _g: Gazetteer): { wards: string[]; exact: boolean } {
  return { wards: [], exact: false };
}
