const slots = 2 ** 20;

/**
 * Tells whether an id came before with another time of answer: then it names a customer, say, and not a response, and
 * all of that customer's responses but one would be lost. Remembers a million ids, so that memory stays flat: in a longer
 * file some repeats go unseen, but hardly a whole column of them. `answeredAt` in unix ms.
 */
export function repeats(): (id: string, answeredAt: number) => boolean {
  const holders = new Float64Array(slots);
  const times = new Float64Array(slots);
  return (id, answeredAt) => {
    // The id is a hash: one end chooses the slot, the other tells who holds it.
    const slot = Number.parseInt(id.slice(-5), 16);
    const holder = Number.parseInt(id.slice(0, 8), 16);
    const isRepeat = holders[slot] === holder && times[slot] !== answeredAt;
    holders[slot] = holder;
    times[slot] = answeredAt;
    return isRepeat;
  };
}
