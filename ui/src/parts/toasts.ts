/** Short messages that come and go at the edge of the page. */
import { signal } from "@preact/signals";

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "good" | "bad";
  action?: { title: string; run: () => void } | undefined;
}

export const toasts = signal<readonly Toast[]>([]);
const SHOWN_MS = 5000;
/** Time to think about the action that a message offers. */
const OFFERED_MS = 12_000;
let made = 0;

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Shows a message; those about failures stay until they are dismissed. */
export function toast(text: string, tone: Toast["tone"] = "plain", action?: Toast["action"]): void {
  const id = (made += 1);
  toasts.value = [...toasts.value.slice(-3), { id, text, tone, action }];
  if (tone !== "bad") setTimeout(() => dismiss(id), action ? OFFERED_MS : SHOWN_MS);
}
