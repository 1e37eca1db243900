/**
 * TLS before the proxy, as a load balancer has it: clients that sign trailing checksums only
 * over https do so here.
 *
 * @module
 */
import { succeed } from "./_process.ts";

/** A running TLS front. */
export interface TlsFront extends AsyncDisposable {
  /** The https URL. */
  readonly url: string;
  /** Path of the certificate that clients are to trust. */
  readonly certificate: string;
}

/**
 * Starts a TLS listener that hands every connection's bytes on.
 *
 * @param openssl Path of openssl, which makes the certificate.
 * @param folder Where the certificate is kept.
 * @param target URL of the server behind.
 */
export async function startTlsFront(
  openssl: string,
  folder: string,
  target: string,
): Promise<TlsFront> {
  const [certificate, key] = [`${folder}/tls-certificate.pem`, `${folder}/tls-key.pem`];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const output = ["-keyout", key, "-out", certificate];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  await succeed(openssl, ["req", "-x509", ...kind, ...subject, ...output], {
    env: { HOME: folder, PATH: Deno.env.get("PATH") ?? "" },
  });
  const listener = Deno.listenTls({
    hostname: "127.0.0.1",
    port: 0,
    cert: await Deno.readTextFile(certificate),
    key: await Deno.readTextFile(key),
  });
  const accepting = accept(listener, Number(new URL(target).port));
  return {
    url: `https://127.0.0.1:${listener.addr.port}`,
    certificate,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
    },
  };
}

async function accept(listener: Deno.TlsListener, port: number): Promise<void> {
  const tunnels: Promise<void>[] = [];
  try {
    for (;;) tunnels.push(tunnel(await listener.accept(), port));
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
  await Promise.all(tunnels);
}

/** Carries bytes both ways until both ends have had enough. */
async function tunnel(client: Deno.TlsConn, port: number): Promise<void> {
  const server = await Deno.connect({ hostname: "127.0.0.1", port });
  await Promise.allSettled([
    client.readable.pipeTo(server.writable),
    server.readable.pipeTo(client.writable),
  ]);
}
