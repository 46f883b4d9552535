package dev.fairlead.app.cli;

import dev.fairlead.app.serve.AppDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The control API as commands reach it: that of the gateway that runs, or else the store itself.
 */
interface ControlDoor extends AutoCloseable {
  /** Where a gateway listens that nobody told otherwise. */
  String USUAL = "http://localhost:8080";

  /**
   * Makes a call.
   *
   * @param path with query
   * @param body JSON, or null
   * @return the answer's JSON, or null when there is none
   */
  @Nullable JsonNode call(String method, String path, @Nullable String body) throws Failed;

  /** Where clients reach the gateway, without a slash at the end. */
  String address();

  /** {@code address} without a slash at its end, so that paths can be put behind it. */
  static String bare(String address) {
    return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  @Override
  void close() throws IOException;

  /**
   * The door of {@code directory}.
   *
   * @throws Failed when there is neither a gateway to ask nor a store to change
   */
  static ControlDoor open(Path directory, Map<String, String> environment) throws Failed {
    return AppDirectory.held(directory)
        ? ControlClient.of(directory)
        : StoreDoor.open(directory, environment);
  }

  /** A call that was not done. */
  final class Failed extends Exception {
    private static final long serialVersionUID = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private final int exit;

    Failed(int exit, String message) {
      super(message, null, false, false);
      this.exit = exit;
    }

    /** By what the control API answered. */
    static Failed of(int status, String body) {
      String message = "The gateway answered " + status + ".";
      try {
        message = JSON.readTree(body).path("error").path("message").stringValue(message);
      } catch (JacksonException notOurs) {
        // The status says enough.
      }
      int exit =
          switch (status) {
            case 401, 403 -> 3;
            case 404 -> 4;
            case 409 -> 5;
            default -> status >= 500 ? 6 : 1;
          };
      return new Failed(exit, message);
    }

    /** 1 in general, 3 not allowed, 4 not found, 5 conflict, 6 no answer or the gateway's fault. */
    int exit() {
      return exit;
    }
  }
}
