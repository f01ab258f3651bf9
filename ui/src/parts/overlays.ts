/** What lies over the page at the moment: palette, help, the sheet at the right, a question to confirm. */
import { computed, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export const palette = signal(false);
export const help = signal(false);
export const notebooks = signal(false);
/** Whether the earlier texts of the notebook are shown. */
export const versions = signal(false);

export interface SheetContent {
  title: string;
  body: () => ComponentChildren;
}
export const sheet = signal<SheetContent | null>(null);

export interface Question {
  title: string;
  detail: string;
  action: string;
  answer: (yes: boolean) => void;
}
export const question = signal<Question | null>(null);

/** Asks once before something that cannot be undone; the title names the object. */
export function confirm(title: string, detail: string, action: string): Promise<boolean> {
  return new Promise((resolve) => {
    question.value = {
      title, detail, action,
      answer: (yes) => {
        question.value = null;
        resolve(yes);
      },
    };
  });
}

export const dialogOpen = computed(() => palette.value || help.value || notebooks.value || versions.value || question.value !== null);
