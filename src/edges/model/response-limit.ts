/** The answer of a provider that is larger than any that is asked for here. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/**
 * A fetch that reads no more of an answer than a limit allows, after decompression: a hundred answers in flight must
 * not fill the memory.
 *
 * @param limit in bytes; the body of a larger answer ends with `AnswerTooLarge`
 */
export function fetchWithin(limit: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { body, headers } = response;
    if (!body || isKnownToFit(headers, limit)) return response;
    let bytes = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength;
        if (bytes > limit) throw new AnswerTooLarge(`The answer has more than ${limit} bytes.`);
        controller.enqueue(chunk);
      },
    });
    return new Response(body.pipeThrough(counted), response);
  };
}

/** A stated length holds, unless it is that of something compressed. */
function isKnownToFit(headers: Headers, limit: number): boolean {
  const length = headers.get('content-length');
  return length !== null && !headers.has('content-encoding') && Number(length) <= limit;
}
