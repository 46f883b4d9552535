package dev.fairlead.codec.translate;

/**
 * What a writer of replies must know beyond the events.
 *
 * @param requestId our id of the request, from which ids are made where the reply has none
 * @param model the model's name as the client asked for it; every frame that names a model names
 *     this one
 * @param nowSeconds Unix time for dialects that tell when a reply was made
 * @param includeUsage whether a Chat stream ends with a usage chunk
 * @param inputTokens our estimate of the request's input tokens, for dialects that tell usage
 *     before the provider does; 0 when none was made
 */
public record ReplyContext(
    String requestId, String model, long nowSeconds, boolean includeUsage, long inputTokens) {
  public ReplyContext(String requestId, String model, long nowSeconds, boolean includeUsage) {
    this(requestId, model, nowSeconds, includeUsage, 0);
  }
}
