package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a vendor sees of a conversation, in no vendor's terms.
 *
 * @param calls ids of calls, in their order
 * @param results ids of results, in their order
 * @param seals whatever stands in fields that only a vendor can read
 */
record History(JsonNode body, List<String> calls, List<String> results, List<String> seals) {
  static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> SEALED =
      Set.of("signature", "data", "encrypted_content", "thoughtSignature", "thought_signature");

  static History of(Vendor vendor, JsonNode body) {
    History history = new History(body, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    history.walk(vendor, body);
    return history;
  }

  private void walk(Vendor vendor, JsonNode node) {
    if (node.isObject()) {
      node.forEachEntry((key, value) -> {
        if (SEALED.contains(key)) {
          seals.add(value.asString());
        }
      });
      switch (vendor) {
        case MESSAGES -> {
          if (type(node).equals("tool_use")) {
            calls.add(node.get("id").asString());
          } else if (type(node).equals("tool_result")) {
            results.add(node.get("tool_use_id").asString());
          }
        }
        case RESPONSES -> {
          if (type(node).equals("function_call")) {
            calls.add(node.get("call_id").asString());
          } else if (type(node).equals("function_call_output")) {
            results.add(node.get("call_id").asString());
          }
        }
        case GEMINI -> {
          if (node.has("functionCall")) {
            calls.add(node.at("/functionCall/id").asString());
          } else if (node.has("functionResponse")) {
            results.add(node.at("/functionResponse/id").asString());
          }
        }
        case CHAT, OLLAMA -> {
          if (node.has("function") && node.has("id")) {
            calls.add(node.get("id").asString());
          } else if (node.has("tool_call_id")) {
            results.add(node.get("tool_call_id").asString());
          }
        }
      }
    }
    node.forEach(child -> walk(vendor, child));
  }

  private static String type(JsonNode node) {
    return node.has("type") && node.get("type").isString() ? node.get("type").asString() : "";
  }

  /** {@code turns} calls, each with its result, ids as any vendor takes them. */
  void assertLegal(int turns) {
    assertThat(calls).as("%s", body).hasSize(turns).doesNotHaveDuplicates();
    assertThat(calls).as("%s", body).allMatch(id -> id.matches("[a-zA-Z0-9_-]{1,64}"));
    assertThat(results).as("%s", body).isEqualTo(calls);
    assertThat(body.toString()).doesNotContain("fl1.").doesNotContain("call:");
  }

  void assertSeals(List<String> expected) {
    assertThat(seals).as("seals in %s", body).containsExactlyElementsOf(expected);
  }
}
