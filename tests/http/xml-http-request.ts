// The XMLHttpRequest that DirectLineJS expects of its host, over Node's fetch: only what rxjs 5 touches.
export class XmlHttpRequest {
  readyState = 0;
  status = 0;
  response: unknown = null;
  responseText = '';
  responseType = '';
  timeout = 0;
  withCredentials = false;
  upload = {};
  onreadystatechange: ((e: object) => void) | null = null;
  onerror: ((e: object) => void) | null = null;
  ontimeout: ((e: object) => void) | null = null;
  readonly #headers: Record<string, string> = {};
  readonly #stop = new AbortController();
  #method = 'GET';
  #url = '';

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
    this.readyState = 1;
  }
  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }
  abort(): void {
    this.#stop.abort();
  }
  send(body?: string | FormData): void {
    void this.#send(body);
  }

  async #send(body?: string | FormData): Promise<void> {
    const timer = this.timeout && setTimeout(() => this.#stop.abort('timeout'), this.timeout);
    try {
      const answer = await fetch(this.#url, {
        method: this.#method,
        headers: this.#headers,
        body,
        signal: this.#stop.signal,
      });
      this.status = answer.status;
      const bytes = await answer.arrayBuffer();
      this.responseText = new TextDecoder().decode(bytes);
      this.response = this.responseType === 'json' ? parsed(this.responseText) : bytes;
    } catch {
      if (this.#stop.signal.aborted && this.#stop.signal.reason === 'timeout') return this.ontimeout?.({});
      if (this.#stop.signal.aborted) return;
    } finally {
      clearTimeout(timer);
    }
    this.readyState = 4;
    this.onreadystatechange?.({});
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
