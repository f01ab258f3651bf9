/** Finds names by a few of their letters, in order: "bm" finds "Build a model". */

/** How well the letters fit the text; more is better, null is not at all. Beginnings of words and runs count more. */
export function fit(text: string, letters: string): number | null {
  const wanted = letters.toLowerCase().replace(/\s+/g, "");
  const lower = text.toLowerCase();
  const whole = lower.indexOf(letters.toLowerCase().trim());
  if (!wanted) return 0;
  if (whole >= 0) return 1000 - whole * 2 - text.length / 100 + (whole === 0 || /\W/.test(lower[whole - 1] ?? "") ? 200 : 0);
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of wanted) {
    const at = lower.indexOf(letter, from);
    if (at < 0) return null;
    const begins = at === 0 || /[^a-z0-9]/.test(lower[at - 1] ?? "") || /[A-Z]/.test(text[at] ?? "");
    score += (at === last + 1 ? 8 : 0) + (begins ? 10 : 0) - Math.min(at - from, 10) * 0.5;
    last = at;
    from = at + 1;
  }
  return score - text.length / 100;
}

/** The items whose text fits, best first; all of them in their order when nothing is typed. */
export function ranked<T>(items: readonly T[], letters: string, text: (item: T) => string): T[] {
  if (!letters.trim()) return [...items];
  return items
    .map((item, i) => ({ item, i, score: fit(text(item), letters) }))
    .filter((one): one is { item: T; i: number; score: number } => one.score !== null)
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .map((one) => one.item);
}
