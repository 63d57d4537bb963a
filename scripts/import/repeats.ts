const slots = 2 ** 20;

/**
 * Tells whether an id came before with another time of answer. It then probably identifies a customer and not a response, and
 * all of that customer's responses but one would be lost. It remembers a million ids, so that memory stays flat: in a longer
 * file some repeats are missed, but hardly a whole column of them. `answeredAt` is in unix milliseconds.
 */
export function repeats(): (id: string, answeredAt: number) => boolean {
  const holders = new Float64Array(slots);
  const times = new Float64Array(slots);
  return (id, answeredAt) => {
    // The id is a hash: its end selects the slot, its beginning identifies the holder.
    const slot = Number.parseInt(id.slice(-5), 16);
    const holder = Number.parseInt(id.slice(0, 8), 16);
    const isRepeat = holders[slot] === holder && times[slot] !== answeredAt;
    holders[slot] = holder;
    times[slot] = answeredAt;
    return isRepeat;
  };
}
