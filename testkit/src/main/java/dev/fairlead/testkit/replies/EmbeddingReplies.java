package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.Script;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Replies of OpenAI embeddings as documented in OpenAI's API reference (Embeddings). */
public final class EmbeddingReplies {
  private EmbeddingReplies() {}

  /** One vector an input, as JSON numbers. */
  public static Script floats(String model, float[]... vectors) {
    return reply(
        model,
        vectors,
        vector -> {
          List<String> numbers = new ArrayList<>();
          for (float value : vector) {
            numbers.add(Float.toString(value));
          }
          return numbers.stream().collect(Collectors.joining(",", "[", "]"));
        });
  }

  /**
   * One vector an input, as Base64 of little-endian floats: what {@code encoding_format: base64}
   * asks for.
   */
  public static Script base64(String model, float[]... vectors) {
    return reply(
        model,
        vectors,
        vector -> {
          ByteBuffer bytes =
              ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (float value : vector) {
            bytes.putFloat(value);
          }
          return JsonObject.quote(Base64.getEncoder().encodeToString(bytes.array()));
        });
  }

  private static Script reply(String model, float[][] vectors, Function<float[], String> written) {
    List<String> data = new ArrayList<>();
    Arrays.asList(vectors)
        .forEach(vector ->
            data.add(
                new JsonObject()
                    .with("object", "embedding")
                    .with("index", data.size())
                    .raw("embedding", written.apply(vector))
                    .toString()));
    return Script.json(
            new JsonObject()
                .with("object", "list")
                .raw("data", JsonObject.array(data))
                .with("model", model)
                .with(
                    "usage",
                    new JsonObject()
                        .with("prompt_tokens", 5L * vectors.length)
                        .with("total_tokens", 5L * vectors.length))
                .toString())
        .header("x-request-id", OpenAiErrors.REQUEST_ID);
  }
}
