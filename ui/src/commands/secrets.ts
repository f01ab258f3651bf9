/** Passwords of databases, for this page alone: a notebook is shared, so they are never part of a command. */
const secrets = new Map<string, string>();

export function keepSecret(address: string, password: string): void {
  secrets.set(address, password);
}

export function secretFor(address: string): string {
  return secrets.get(address) ?? "";
}
