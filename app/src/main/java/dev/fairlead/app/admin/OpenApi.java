package dev.fairlead.app.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code GET /api/openapi.json}: the document that says what the control API takes and answers. */
public final class OpenApi {
  private static final String RESOURCE = "/dev/fairlead/app/admin/openapi.json";

  private OpenApi() {}

  public static List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/openapi.json", Permission.OPEN, _ -> ApiAnswer.json(document())));
  }

  /** The document as it is served. */
  public static String document() throws IOException {
    try (InputStream in = OpenApi.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException(RESOURCE + " is missing from this program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
