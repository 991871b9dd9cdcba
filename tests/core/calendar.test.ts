import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { ROOT } from '../../src/cli/open-files.ts';
import {
  addDays,
  addWorkingDays,
  addWorkingHours,
  clockOf,
  dateOf,
  dueAt,
  holidaysBetween,
  instantOf,
  isOpen,
  isWorkingDay,
  nextOpening,
  sameDay,
  sayDate,
  sayInstant,
  weekdayOf,
} from '../../src/core/calendar.ts';
import { Calendar } from '../../src/core/content/schema.ts';

const calendar = Calendar.parse(parseYaml(readFileSync(join(ROOT, 'intents/calendar.yml'), 'utf8')));
/** Any minute of 2026. */
const minute = fc
  .integer({ min: instantOf('2026-01-01') / 60_000, max: instantOf('2026-12-20') / 60_000 })
  .map((m) => m * 60_000);

describe('calendar of Hà Nội', () => {
  it('rests on 24/11/2026, the new holiday', () => {
    expect(isWorkingDay(calendar, '2026-11-24')).toBe(false);
    expect(addWorkingDays(calendar, instantOf('2026-11-23', '09:00'), 1)).toBe('2026-11-25');
    expect(holidaysBetween(calendar, '2026-11-23', '2026-11-25').map((h) => h.date)).toEqual(['2026-11-24']);
  });

  it('works the Saturday that makes up for a swapped day', () => {
    expect(isWorkingDay(calendar, '2026-01-10')).toBe(true);
    expect(isWorkingDay(calendar, '2026-01-02')).toBe(false);
  });

  it('rests through Tết 2026', () => {
    expect(addWorkingDays(calendar, instantOf('2026-02-13', '09:00'), 1)).toBe('2026-02-23');
  });

  it('counts ten working days from a Tuesday', () => {
    expect(addWorkingDays(calendar, instantOf('2026-03-03', '09:00'), 10)).toBe('2026-03-17');
  });

  it('moves a last calendar day off rest', () => {
    // 30 days after 15/01/2026 is Saturday 14/02, then Tết: the first working day is Monday 23/02.
    expect(dateOf(dueAt(calendar, { n: 30, unit: 'day' }, instantOf('2026-01-15', '10:00')))).toBe(
      '2026-02-23',
    );
  });

  it('answers a same-day procedure next working day after the cutoff, and over the weekend', () => {
    expect(sameDay(calendar, instantOf('2026-01-16', '14:59'), '15:00')).toBe('2026-01-16');
    expect(sameDay(calendar, instantOf('2026-01-16', '15:00'), '15:00')).toBe('2026-01-19');
    expect(sameDay(calendar, instantOf('2026-01-17', '09:00'), '15:00')).toBe('2026-01-19');
    expect(sameDay(calendar, instantOf('2026-11-23', '15:30'), '15:00')).toBe('2026-11-25');
  });

  it('counts office hours over lunch and night', () => {
    expect(addWorkingHours(calendar, instantOf('2026-01-06', '16:30'), 4)).toBe(
      instantOf('2026-01-07', '11:30'),
    );
    expect(addWorkingHours(calendar, instantOf('2026-01-06', '11:00'), 2)).toBe(
      instantOf('2026-01-06', '14:00'),
    );
    expect(nextOpening(calendar, instantOf('2026-01-17', '12:00'))).toBe(instantOf('2026-01-19', '08:00'));
  });

  it('says weekday and date', () => expect(sayDate('2026-11-25')).toBe('thứ Tư 25/11/2026'));

  it('says an hour without a zero before it', () =>
    expect(sayInstant(instantOf('2026-11-25', '08:05'))).toBe('8:05 thứ Tư 25/11/2026'));

  it('property: n working days hold exactly n working days, end on one, and never shrink with a later start', () => {
    fc.assert(
      fc.property(minute, fc.integer({ min: 1, max: 40 }), (at, n) => {
        const end = addWorkingDays(calendar, at, n);
        let count = 0;
        for (let d = addDays(dateOf(at), 1); d <= end; d = addDays(d, 1))
          if (isWorkingDay(calendar, d)) count++;
        expect(count).toBe(n);
        expect(isWorkingDay(calendar, end)).toBe(true);
        expect(addWorkingDays(calendar, at + 86_400_000, n) >= end).toBe(true);
      }),
    );
  });

  it('ends a limit in days with its last day, not when offices close', () => {
    const ten = dueAt(calendar, { n: 10, unit: 'working-day' }, instantOf('2026-03-03', '09:00'));
    expect(new Date(ten).toISOString()).toBe('2026-03-17T16:59:59.999Z');
    const day = dueAt(calendar, { n: 1, unit: 'day' }, instantOf('2026-01-06', '23:59'));
    expect(new Date(day).toISOString()).toBe('2026-01-07T16:59:59.999Z');
  });

  it('property: every due moment is on a working day after its start: in days at its end, in hours in office time', () => {
    fc.assert(
      fc.property(
        minute,
        fc.constantFrom('working-day', 'day', 'working-hour' as const),
        fc.integer({ min: 1, max: 30 }),
        (at, unit, n) => {
          const due = dueAt(calendar, { n, unit: unit as 'day' }, at);
          expect(due).toBeGreaterThan(at);
          expect(isWorkingDay(calendar, dateOf(due))).toBe(true);
          if (unit === 'working-hour') expect(isOpen(calendar, due - 1)).toBe(true);
          else expect(due + 1).toBe(instantOf(addDays(dateOf(due), 1)));
        },
      ),
    );
  });

  it('property: wall clock and instant are inverse', () => {
    fc.assert(fc.property(minute, (at) => instantOf(dateOf(at), clockOf(at)) === at));
  });

  it('knows weekdays', () => expect(weekdayOf('2026-11-24')).toBe(2));
});
