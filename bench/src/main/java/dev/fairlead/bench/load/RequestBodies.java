package dev.fairlead.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Chat requests like those of a coding agent: tools, a transcript with source code (so a quote,
 * newline or backslash is escaped every twenty-odd characters), a nested {@code model} that is a
 * decoy, and the model name last, so that a gateway has to look at everything. The same arguments
 * give the same bytes.
 */
public final class RequestBodies {

  private static final long SEED = 0x5EED_2026L;

  private static final String TOOLS =
      "[{\"type\":\"function\",\"function\":{\"name\":\"read_file\",\"description\":\"Reads a file"
          + " of the workspace.\",\"parameters\":{\"type\":\"object\",\"properties\":{\"path\":"
          + "{\"type\":\"string\"},\"limit\":{\"type\":\"integer\"}},\"required\":[\"path\"]}}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"run\",\"description\":\"Runs a shell"
          + " command.\",\"parameters\":{\"type\":\"object\",\"properties\":{\"command\":"
          + "{\"type\":\"string\"}},\"required\":[\"command\"]}}}]";

  private static final String[] SOURCE_LINES = {
    "def load(path, encoding=\"utf-8\"):\n",
    "    with open(path, encoding=encoding) as source:\n",
    "        return [line.rstrip(\"\\n\") for line in source if line.strip()]\n",
    "\n",
    "public Optional<Account> find(String id) {\n",
    "\treturn accounts.stream().filter(a -> a.id().equals(id)).findFirst();\n",
    "}\n",
    "if (!name.matches(\"[a-z]+\\\\.json\")) {\n",
    "    throw new IllegalArgumentException(\"bad name: \" + name);\n",
    "}\n",
    "// The model of the world is kept apart from how it is drawn.\n",
    "for (int i = 0; i < rows.length; i++) {\n",
    "    total += rows[i].price() * rows[i].count(); // in cents\n",
    "const label = `${user.name} (café)`;\n",
    "print(f\"{count:>8} {word}\")\n",
    "The test fails with \"expected 3 but was 4\" since the last change.\n",
    "Please look at the loop first; I think it reads one line too many.\n",
  };

  private RequestBodies() {}

  /**
   * A chat completion request.
   *
   * @param bytes its length in bytes; at least 1,200
   * @param model the model name, with whatever prefix the gateway wants
   * @param stream whether to ask for a stream
   */
  public static byte[] chat(int bytes, String model, boolean stream) {
    String head =
        "{\"messages\":[{\"role\":\"system\",\"content\":\"You are a careful engineer. Follow the"
            + " \\\"rules\\\" of the repository.\"}";
    String tail =
        "],\"tools\":"
            + TOOLS
            + ",\"temperature\":0.2,\"metadata\":{\"session\":\"b7c1\",\"model\":\"decoy-nested\"}"
            + (stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "")
            + ",\"model\":\""
            + model
            + "\"}";
    StringBuilder body = new StringBuilder(head);
    int left = bytes - utf8Length(head) - utf8Length(tail);
    if (left < 0) {
      throw new IllegalArgumentException("no room for a chat request in " + bytes + " bytes");
    }
    appendTurns(body, left);
    return body.append(tail).toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Appends messages of exactly {@code left} bytes, each ten to forty lines long. */
  private static void appendTurns(StringBuilder body, int left) {
    SplittableRandom random = new SplittableRandom(SEED);
    String end = "\"}";
    boolean user = true;
    int rest = left;
    while (rest > 0) {
      String start = ",{\"role\":\"" + (user ? "user" : "assistant") + "\",\"content\":\"";
      int overhead = start.length() + end.length();
      if (rest < overhead) {
        // White space between members is as good as text.
        body.append(" ".repeat(rest));
        return;
      }
      body.append(start);
      rest -= overhead;
      for (int lines = random.nextInt(10, 40); lines > 0; lines--) {
        String line = escaped(SOURCE_LINES[random.nextInt(SOURCE_LINES.length)]);
        if (utf8Length(line) > rest) {
          body.append("x".repeat(rest));
          rest = 0;
          break;
        }
        body.append(line);
        rest -= utf8Length(line);
      }
      body.append(end);
      user = !user;
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\t", "\\t");
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
