import { describe, expect, it } from 'vitest';
import { every } from '../../src/app/every.ts';

const pause = (ms: number) => new Promise((go) => setTimeout(go, ms));

describe('every', () => {
  it('goes on after a fault, handed over once, one time after another', async () => {
    let most = 0;
    let running = 0;
    let times = 0;
    const faults: unknown[] = [];
    const beat = every(
      2,
      async () => {
        most = Math.max(most, ++running);
        await pause(10);
        running--;
        if (++times === 1) throw new Error('away');
        return undefined;
      },
      (error) => faults.push(error),
    );
    beat.start();
    beat.start();
    await pause(80);
    await beat.stop();
    expect(times).toBeGreaterThan(1);
    expect(most).toBe(1);
    expect(faults).toHaveLength(1);
  });

  it('stops when what runs has ended, and begins no other', async () => {
    let times = 0;
    let ended = 0;
    const beat = every(
      1,
      async () => {
        times++;
        await pause(40);
        ended++;
        return undefined;
      },
      () => {},
    );
    beat.start();
    await pause(15);
    await beat.stop();
    expect([times, ended]).toEqual([1, 1]);
    await pause(60);
    expect(times).toBe(1);
  });

  it('waits as long as the work asks for', async () => {
    let times = 0;
    const beat = every(
      1,
      async () => (++times === 1 ? 60_000 : undefined),
      () => {},
    );
    beat.start();
    await pause(30);
    await beat.stop();
    expect(times).toBe(1);
  });
});
